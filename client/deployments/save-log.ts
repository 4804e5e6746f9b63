import type { DeploymentView } from '../api.ts'
import { plainOf } from './ansi.ts'
import { readWholeLog } from './use-log.ts'

/** Offers the whole log of a deployment as a text file: a line with its time, step and level each, without colours. */
export async function saveLog({ id, number, environment, project }: DeploymentView): Promise<void> {
  const parts: string[] = []
  await readWholeLog(id, (lines) => {
    parts.push(lines.map(({ at, step, level, text }) => `${at} ${step} ${level} ${plainOf(text)}\n`).join(''))
  })
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${fileName(`${project.name}-${environment.name}`)}-deployment-${number}.txt`
  link.click()
  // The browser may still be taking it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

function fileName(words: string): string {
  return words.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80)
}
