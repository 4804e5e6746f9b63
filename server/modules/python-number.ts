import { PythonRefusal } from './python-refusal.ts'
import type { PythonValue } from './python-value.ts'

const DIGITS = '[0-9](?:_?[0-9])*'
const OTHER_BASE = /0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)/y
const REAL = new RegExp(`(?:(?:${DIGITS})?\\.${DIGITS}|${DIGITS}\\.?)(?:[eE][+-]?${DIGITS})?`, 'y')
/** CPython turns no longer decimal text into an int. @see https://docs.python.org/3/library/stdtypes.html#int-max-str-digits */
const MOST_DIGITS = 4300

/** A number that stands in a text. */
export interface ReadNumber {
  readonly value: Extract<PythonValue, { is: 'int' | 'float' | 'complex' }>
  /** Where it ends. */
  readonly end: number
}

/**
 * Reads the number that begins at a digit, or at a point with a digit behind it.
 * @throws {PythonRefusal} where Python does.
 * @see https://docs.python.org/3/reference/lexical_analysis.html#numeric-literals
 */
export function readNumber(text: string, at: number): ReadNumber {
  const other = match(OTHER_BASE, text, at)
  if (other !== '') return ending(text, at, at + other.length, { is: 'int', value: BigInt(other.replaceAll('_', '')) })
  const written = match(REAL, text, at)
  const plain = written.replaceAll('_', '')
  const end = at + written.length
  if (/^[jJ]/.test(text.charAt(end))) {
    return ending(text, at, end + 1, { is: 'complex', real: 0, imaginary: Number(plain) })
  }
  if (/[.eE]/.test(plain)) return ending(text, at, end, { is: 'float', value: Number(plain) })
  if (plain.startsWith('0') && /[1-9]/.test(plain)) {
    throw new PythonRefusal('A whole number begins with no zero; octal ones begin with 0o.', at)
  }
  if (!plain.startsWith('0') && plain.length > MOST_DIGITS) {
    throw new PythonRefusal(`A number of more than ${MOST_DIGITS} digits is not read.`, at)
  }
  return ending(text, at, end, { is: 'int', value: plain.startsWith('0') ? 0n : BigInt(plain) })
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

/** Nothing that could be part of a number or of a name follows one directly. */
function ending(text: string, at: number, end: number, value: ReadNumber['value']): ReadNumber {
  if (/^[\w\u0080-\uffff]/.test(text.charAt(end))) throw new PythonRefusal('This is no number.', at)
  return { value, end }
}
