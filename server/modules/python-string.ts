import { PythonRefusal } from './python-refusal.ts'

/** What a string literal holds: text, or bytes as characters up to U+00FF. */
export interface ReadString {
  readonly bytes: boolean
  readonly text: string
  /** Where it ends. */
  readonly end: number
}

const PREFIXES: ReadonlySet<string> = new Set(['', 'r', 'u', 'b', 'br', 'rb', 'f', 'fr', 'rf'])
const ONE_LETTER: Readonly<Record<string, string>> = {
  ...{ '\n': '', '\\': '\\', "'": "'", '"': '"' },
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
}
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const LAST_CHARACTER = 0x10ffff

/** Whether such letters, directly before a quote, belong to the string. */
export function isStringPrefix(letters: string): boolean {
  return PREFIXES.has(letters.toLowerCase())
}

/**
 * Reads the string whose quote stands behind the prefix; line ends in the text are `\n`.
 * @throws {PythonRefusal} where Python does, for f-strings, and for `\N{...}`, since which names there are depends on
 * the Python that reads them.
 * @see https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals
 */
export function readString(source: string, quoteAt: number, prefix: string): ReadString {
  const kind = prefix.toLowerCase()
  if (kind.includes('f')) throw new PythonRefusal('An f-string is no literal; write the text itself.', quoteAt)
  const { from, to, end } = bodyOf(source, quoteAt)
  const body = source.slice(from, to)
  const bytes = kind.includes('b')
  if (bytes) {
    const foreign = body.search(/[\u0080-\uffff]/)
    if (foreign >= 0) throw new PythonRefusal('Bytes hold ASCII characters only.', from + foreign)
  }
  const plain = kind.includes('r') || !body.includes('\\')
  return { bytes, text: plain ? body : withoutEscapes(body, bytes, from), end }
}

function bodyOf(source: string, quoteAt: number): { from: number; to: number; end: number } {
  const quote = source.charAt(quoteAt)
  const long = source.startsWith(quote.repeat(3), quoteAt)
  const closing = long ? quote.repeat(3) : quote
  const from = quoteAt + closing.length
  for (let at = from; at < source.length; at++) {
    const letter = source.charAt(at)
    if (letter === '\\') at++
    else if (letter === quote && source.startsWith(closing, at)) return { from, to: at, end: at + closing.length }
    else if (letter === '\n' && !long) break
  }
  throw new PythonRefusal('This string is not closed.', quoteAt)
}

function withoutEscapes(body: string, bytes: boolean, from: number): string {
  const parts: string[] = []
  for (let at = 0; ; ) {
    const slash = body.indexOf('\\', at)
    if (slash < 0) return parts.join('') + body.slice(at)
    parts.push(body.slice(at, slash))
    const { text, end } = readEscape(body, slash, bytes, from)
    parts.push(text)
    at = end
  }
}

/** One escape; an unknown one stays as it is written, as in Python. */
function readEscape(body: string, slash: number, bytes: boolean, from: number): { text: string; end: number } {
  const letter = body.charAt(slash + 1)
  const simple = ONE_LETTER[letter]
  if (simple !== undefined) return { text: simple, end: slash + 2 }
  const octal = /^[0-7]{1,3}/.exec(body.slice(slash + 1, slash + 4))?.[0]
  if (octal !== undefined) {
    const code = Number.parseInt(octal, 8)
    return { text: String.fromCharCode(bytes ? code & 0xff : code), end: slash + 1 + octal.length }
  }
  if (letter === 'N' && !bytes) {
    throw new PythonRefusal(
      'A character by its name (\\N{...}) is not read here; write the character itself.',
      from + slash,
    )
  }
  const length = bytes && letter !== 'x' ? undefined : HEX_DIGITS[letter]
  if (length === undefined) return { text: `\\${letter}`, end: slash + 2 }
  const end = slash + 2 + length
  const digits = body.slice(slash + 2, end)
  const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : Number.NaN
  if (!(code <= LAST_CHARACTER)) {
    throw new PythonRefusal(`\\${letter} needs ${length} hexadecimal digits of a character.`, from + slash)
  }
  return { text: String.fromCodePoint(code), end }
}
