import { parseLiteral } from './python-parser.ts'
import { PythonRefusal } from './python-refusal.ts'
import type { PythonValue } from './python-value.ts'

/** In bytes of UTF-8. */
const MOST_BYTES = 256 * 1024

/** Why a text is no literal; line and column (in characters) count from 1. */
export interface LiteralProblem {
  readonly is: 'problem'
  readonly line: number
  readonly column: number
  readonly message: string
}

/**
 * Reads a Python literal as `ast.literal_eval` of CPython 3.11 does, without running anything, in linear time. What
 * Python refuses is refused; beyond that only `\N{...}`, more than 256 kB, brackets nested more than 64 deep, and more
 * than 100,000 values.
 * @see https://docs.python.org/3/library/ast.html#ast.literal_eval
 */
export function readPythonLiteral(text: string): PythonValue | LiteralProblem {
  // Python makes these of all line ends before it looks at anything.
  const source = text.replace(/\r\n?/g, '\n')
  try {
    return readAll(source)
  } catch (error) {
    if (!(error instanceof PythonRefusal)) throw error
    const before = source.slice(0, error.at)
    const lineBegin = before.lastIndexOf('\n') + 1
    const column = [...before.slice(lineBegin)].length + 1
    return { is: 'problem', line: before.split('\n').length, column, message: error.message }
  }
}

function readAll(source: string): PythonValue {
  if (new TextEncoder().encode(source).length > MOST_BYTES) {
    throw new PythonRefusal(`This is longer than ${MOST_BYTES / 1024} kB.`, 0)
  }
  const nul = source.indexOf('\0')
  if (nul >= 0) throw new PythonRefusal('A NUL character is no text.', nul)
  const half = source.isWellFormed() ? -1 : source.search(/\p{Surrogate}/u)
  if (half >= 0) throw new PythonRefusal('Half of a character stands here.', half)
  return parseLiteral(source)
}
