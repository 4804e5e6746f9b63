import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseStartError } from './database-start-error.ts'

const ATTEMPTS = 3

/**
 * Takes the data folder for this process; returns the way to give it back.
 * @throws {DatabaseStartError} naming the process that holds it.
 */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true })
  const file = join(dataDir, 'server.pid')
  const own = `${process.pid} ${await startedAt(process.pid)}\n`
  const draft = `${file}.${process.pid}`
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    await writeFile(draft, own)
    try {
      // Linking fails where the name is taken, whole or not at all.
      await link(draft, file)
      return async () => {
        if ((await readFile(file, 'utf8').catch(() => '')) === own) await rm(file, { force: true })
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      await rm(draft, { force: true })
    }
    const [pid = '', started = ''] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ')
    if (pid !== '' && (await startedAt(Number(pid))) === started && started !== '') {
      throw new DatabaseStartError(
        `Another Git Connections (process ${pid}) uses the data folder ${dataDir}. Stop it, or set DATA_DIR to another folder.`,
      )
    }
    // Its holder is gone, or its number belongs to another process now.
    await rm(file, { force: true })
  }
  throw new DatabaseStartError(`The data folder ${dataDir} could not be taken. Try again.`)
}

/** Tells a process from a later one with the same number; empty when there is none. */
async function startedAt(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The program's name, in brackets, may hold blanks; the start time is the twentieth field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    try {
      process.kill(pid, 0)
      return 'alive'
    } catch {
      return ''
    }
  }
}
