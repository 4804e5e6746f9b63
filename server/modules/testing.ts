import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { z } from 'zod'
import { readPythonLiteral } from './python-literal.ts'
import { pythonTexts } from './python-texts.ts'
import type { PythonValue } from './python-value.ts'

const SCRIPT = resolve(import.meta.dirname, 'literal-eval.py')
/** Those whose literal_eval the reader follows; others differ at the edges. */
const KNOWN = { oldest: [3, 11], newest: [3, 13] }
const answerSchema = z.object({ version: z.tuple([z.number(), z.number()]), answers: z.array(z.string().nullable()) })

/** What this machine's Python makes of each text, null for refused; or why it cannot be asked. */
export async function askPython(
  texts: readonly string[],
): Promise<{ answers: (string | null)[] } | { absent: string }> {
  const output = await new Promise<string | null>((tell, fail) => {
    const python = execFile('python3', ['-I', SCRIPT], { maxBuffer: 1 << 30 }, (error, stdout) => {
      if (error?.code === 'ENOENT') tell(null)
      else if (error) fail(error)
      else tell(stdout)
    })
    // Without a Python there is nobody to write to, which is told above.
    python.stdin?.on('error', () => {})
    python.stdin?.end(JSON.stringify(texts))
  })
  if (output === null) return { absent: 'NOT COMPARED WITH PYTHON: this machine has no python3.' }
  const { version, answers } = answerSchema.parse(JSON.parse(output))
  const [major, minor] = version
  const isKnown = major === 3 && minor >= (KNOWN.oldest[1] ?? 0) && minor <= (KNOWN.newest[1] ?? 0)
  return isKnown ? { answers } : { absent: `NOT COMPARED WITH PYTHON: ${version.join('.')} is not 3.11 to 3.13.` }
}

/** What our reader makes of a text, written as the script does. */
export function ourAnswer(text: string): string | null {
  const read = readPythonLiteral(text)
  return read.is === 'problem' ? null : written(read)
}

function written(value: PythonValue): string {
  switch (value.is) {
    case 'none':
    case 'ellipsis':
      return value.is
    case 'bool':
      return `bool ${value.value}`
    case 'int':
      return `int ${value.value.toString(16)}`
    case 'float':
      return `float ${bits(value.value)}`
    case 'complex':
      return `complex ${bits(value.real)} ${bits(value.imaginary)}`
    case 'text':
      return `text ${JSON.stringify(value.value).replace(/[\u007f-\uffff]/g, escaped)}`
    case 'bytes':
      return `bytes ${Buffer.from(value.value).toString('hex')}`
    case 'dict':
      return `dict {${value.entries.map((entry) => `${written(entry.key)}: ${written(entry.value)}`).join(', ')}}`
    case 'set':
      return `set [${value.items.map(written).sort().join(', ')}]`
    case 'list':
    case 'tuple':
      return `${value.is} [${value.items.map(written).join(', ')}]`
  }
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function bits(value: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes.toString('hex')
}

/** Compares so many texts, and says how many were read, refused, and taken otherwise than by Python. */
export async function compareWithPython(count: number, seed: number) {
  const texts = fc.sample(pythonTexts, { numRuns: count, seed })
  const asked = await askPython(texts)
  if ('absent' in asked) return asked
  const compared = texts.map((text, n) => ({ text, ours: ourAnswer(text), python: asked.answers[n] ?? null }))
  const different = compared.filter(({ ours, python }) => ours !== python)
  return { read: compared.filter(({ python }) => python !== null).length, compared: compared.length, different }
}
