import { readNumber } from './python-number.ts'
import { PythonRefusal } from './python-refusal.ts'
import { isStringPrefix, readString } from './python-string.ts'
import type { PythonValue } from './python-value.ts'

/** A word of Python, as far as literals need them; `at` is where it begins. */
export type Token = { readonly at: number } & (
  | { readonly is: 'number'; readonly value: PythonValue }
  | { readonly is: 'string'; readonly bytes: boolean; readonly text: string }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'mark'; readonly mark: string }
  | { readonly is: 'line end' | 'end' }
)

/** Of a name, in messages. */
const MOST_SHOWN = 60
const NAME = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y
const OPENING: ReadonlySet<string> = new Set(['(', '[', '{'])
const CLOSING: ReadonlySet<string> = new Set([')', ']', '}'])
const SINGLE: ReadonlySet<string> = new Set([',', ':', '+', '-'])

/**
 * Cuts a text, whose line ends are all `\n`, into tokens as CPython's tokenizer does: lines and their indentation count
 * only outside of brackets. The function gives the next token, at last `end`.
 * @throws {PythonRefusal} where no token of a literal stands.
 * @see https://docs.python.org/3/reference/lexical_analysis.html
 */
export function tokensOf(text: string): () => Token {
  let at = 0
  let brackets = 0
  let isBlankLine = false
  // literal_eval takes the blanks before the first line away.
  while (isTabOrSpace(text.charAt(at))) at++
  beginLine()
  return next

  /** Passes the indentation; a line without anything counts for nothing, its end neither. */
  function beginLine(): void {
    let column = 0
    let beforeJoin = 0
    for (;;) {
      const letter = text.charAt(at)
      if (isTabOrSpace(letter)) column++
      else if (letter === '\f') column = 0
      else if (letter === '\\') {
        // The indentation before the first joined line is the one that counts, unless there is none.
        beforeJoin ||= column
        joinLines()
        continue
      } else break
      at++
    }
    isBlankLine = text.charAt(at) === '#' || text.charAt(at) === '\n'
    if (!isBlankLine && brackets === 0 && (beforeJoin || column) > 0) {
      throw new PythonRefusal('This line is indented, which Python does not expect here.', at)
    }
  }

  function joinLines(): void {
    if (text.charAt(at + 1) !== '\n' || at + 2 >= text.length) {
      throw new PythonRefusal('Behind a backslash another line is expected.', at)
    }
    at += 2
  }

  function next(): Token {
    for (;;) {
      while (isTabOrSpace(text.charAt(at)) || text.charAt(at) === '\f') at++
      if (text.charAt(at) === '#') {
        const lineEnd = text.indexOf('\n', at)
        at = lineEnd < 0 ? text.length : lineEnd
      }
      if (text.charAt(at) === '\n') {
        const passed = isBlankLine || brackets > 0
        const lineEnd: Token = { is: 'line end', at }
        at++
        beginLine()
        if (!passed) return lineEnd
      } else if (text.charAt(at) === '\\') joinLines()
      else return at >= text.length ? { is: 'end', at } : token()
    }
  }

  function token(): Token {
    const from = at
    const letter = text.charAt(at)
    if (letter === '"' || letter === "'") return string(from, '')
    if (/[0-9]/.test(letter) || (letter === '.' && /^[0-9]/.test(text.charAt(at + 1)))) {
      const { value, end } = readNumber(text, at)
      at = end
      return { is: 'number', at: from, value }
    }
    NAME.lastIndex = at
    const name = NAME.exec(text)?.[0]
    if (name !== undefined) {
      at += name.length
      const quoted = text.charAt(at) === '"' || text.charAt(at) === "'"
      return quoted && isStringPrefix(name) ? string(from, name) : { is: 'name', at: from, name: plainName(name) }
    }
    if (text.startsWith('...', at)) return mark('...')
    if (OPENING.has(letter)) brackets++
    else if (CLOSING.has(letter)) brackets--
    else if (!SINGLE.has(letter)) throw new PythonRefusal(`${characterAt(text, at)} is not part of a literal.`, at)
    return mark(letter)
  }

  function mark(written: string): Token {
    at += written.length
    return { is: 'mark', at: at - written.length, mark: written }
  }

  function string(from: number, prefix: string): Token {
    const { bytes, text: held, end } = readString(text, from + prefix.length, prefix)
    at = end
    return { is: 'string', at: from, bytes, text: held }
  }
}

/** What a token is, for people. */
export function describeToken(token: Token): string {
  switch (token.is) {
    case 'number':
      return 'a number'
    case 'string':
      return 'a string'
    case 'name':
      return shownName(token.name)
    case 'mark':
      return `"${token.mark}"`
    case 'line end':
      return 'the end of the line'
    case 'end':
      return 'the end'
  }
}

/** A name as messages show it; what is none, too. */
export function shownName(name: string): string {
  if (!/^[\p{XID_Start}_]/u.test(name)) return characterAt(name, 0)
  return name.length <= MOST_SHOWN ? `"${name}"` : 'a long name'
}

function isTabOrSpace(letter: string): boolean {
  return letter === ' ' || letter === '\t'
}

/** Python knows a function, but no keyword, in other letters of the same meaning too, such as wide ones. */
function plainName(name: string): string {
  return name.normalize('NFKC') === 'set' && /^\p{XID_Start}\p{XID_Continue}*$/u.test(name) ? 'set' : name
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0
  const isPlain = code > 0x20 && code < 0x7f
  return isPlain ? `"${String.fromCodePoint(code)}"` : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
