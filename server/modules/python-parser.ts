import { added, negated } from './python-arithmetic.ts'
import { PythonRefusal } from './python-refusal.ts'
import { describeToken, shownName, type Token, tokensOf } from './python-tokens.ts'
import { hashKeyOf, type PythonEntry, type PythonValue } from './python-value.ts'

const MOST_NESTING = 64
const MOST_VALUES = 100_000

/**
 * What was read, and how it was written, as arithmetic depends on that: Python adds plain numbers with at most one sign,
 * and `set` means something only where it is called.
 */
interface Read {
  readonly value: PythonValue
  readonly written: 'number' | 'signed' | 'set' | 'other'
}

const NAMED: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['None', { value: { is: 'none' }, written: 'other' }],
  ['True', { value: { is: 'bool', value: true }, written: 'other' }],
  ['False', { value: { is: 'bool', value: false }, written: 'other' }],
  ['set', { value: { is: 'none' }, written: 'set' }],
])

interface Place {
  readonly at: number
  readonly line: number
}

/**
 * Reads the one literal that a text is; its line ends are all `\n`.
 * @throws {PythonRefusal} where it is none, or nested too deep, or too large.
 */
export function parseLiteral(source: string): PythonValue {
  const nextToken = tokensOf(source)
  const lineOf = lineCounter(source)
  let token = nextToken()
  let values = 0
  return whole()

  /** Also several with commas and no brackets around them, which are a tuple. */
  function whole(): PythonValue {
    const value = called(oneOrTuple(0, () => token.is === 'end' || token.is === 'line end'))
    while (token.is === 'line end') token = nextToken()
    if (token.is !== 'end') throw unexpected('the end')
    return value
  }

  function isMark(mark: string): boolean {
    return token.is === 'mark' && token.mark === mark
  }

  /** Whether that mark stood here; it is passed. */
  function passed(mark: string): boolean {
    if (!isMark(mark)) return false
    token = nextToken()
    return true
  }

  function pass(mark: string, expected: string): void {
    if (!passed(mark)) throw unexpected(expected)
  }

  function unexpected(expected: string): PythonRefusal {
    return new PythonRefusal(`Here stands ${describeToken(token)}, where ${expected} is expected.`, token.at)
  }

  /** A value, with a sign before it, or a real number with an imaginary one added or subtracted. */
  function expression(depth: number): Read {
    const first = signed(depth)
    const { at } = token
    const sign = passedSign()
    if (!sign) return first
    const second = operand(depth)
    const isPlain = (first.written === 'number' || first.written === 'signed') && second.written === 'number'
    const sum = isPlain ? added(first.value, second.value, sign) : null
    if (!sum) throw new PythonRefusal('Nothing is computed here, except a complex number such as 1+2j.', at)
    return { value: sum, written: 'other' }
  }

  function signed(depth: number): Read {
    const { at } = token
    const sign = passedSign()
    const read = operand(depth)
    if (!sign) return read
    if (read.written !== 'number') throw new PythonRefusal('A sign stands before a number only.', at)
    return { value: sign === '-' ? negated(read.value) : read.value, written: 'signed' }
  }

  function passedSign(): '+' | '-' | null {
    if (passed('+')) return '+'
    return passed('-') ? '-' : null
  }

  function operand(depth: number): Read {
    const read = atom(depth)
    if (read.written !== 'set') return read
    // An empty set has no other literal than this.
    const isCalled = passed('(')
    if (isCalled) pass(')', '")"')
    return isCalled ? { value: { is: 'set', items: [] }, written: 'other' } : read
  }

  function atom(depth: number): Read {
    const begin = token
    if (++values > MOST_VALUES) throw new PythonRefusal(`These are more than ${MOST_VALUES} values.`, begin.at)
    switch (begin.is) {
      case 'number':
        token = nextToken()
        return { value: begin.value, written: 'number' }
      case 'string':
        return { value: joined(begin.bytes), written: 'other' }
      case 'name':
        return named(begin)
      case 'mark':
        return bracketed(begin, depth)
      case 'end':
      case 'line end':
        throw unexpected('a value')
    }
  }

  /** Strings that stand side by side are one. */
  function joined(bytes: boolean): PythonValue {
    const parts: string[] = []
    while (token.is === 'string') {
      if (token.bytes !== bytes) throw new PythonRefusal('Text and bytes cannot be joined.', token.at)
      parts.push(token.text)
      token = nextToken()
    }
    const text = parts.join('')
    return bytes
      ? { is: 'bytes', value: Uint8Array.from(text, (letter) => letter.charCodeAt(0)) }
      : { is: 'text', value: text }
  }

  function named({ name, at }: Extract<Token, { is: 'name' }>): Read {
    const read = NAMED.get(name)
    if (!read) throw new PythonRefusal(`Only literals are read, and ${shownName(name)} is none.`, at)
    token = nextToken()
    return read
  }

  function bracketed({ mark, at }: Extract<Token, { is: 'mark' }>, depth: number): Read {
    if (mark === '...') {
      token = nextToken()
      return { value: { is: 'ellipsis' }, written: 'other' }
    }
    if (mark !== '(' && mark !== '[' && mark !== '{') throw unexpected('a value')
    if (depth === MOST_NESTING) throw new PythonRefusal(`Brackets are nested more than ${MOST_NESTING} deep.`, at)
    token = nextToken()
    if (mark === '(') return group(depth + 1)
    if (mark === '{') return { value: braces(at, depth + 1), written: 'other' }
    return { value: { is: 'list', items: items(']', depth + 1, []) }, written: 'other' }
  }

  function group(depth: number): Read {
    if (passed(')')) return { value: { is: 'tuple', items: [] }, written: 'other' }
    const read = oneOrTuple(depth, () => isMark(')'))
    pass(')', '"," or ")"')
    return read
  }

  /** A comma makes a tuple, not the brackets. */
  function oneOrTuple(depth: number, isOver: () => boolean): Read {
    const first = expression(depth)
    if (!isMark(',')) return first
    const found = [called(first)]
    while (passed(',') && !isOver()) found.push(called(expression(depth)))
    return { value: { is: 'tuple', items: found }, written: 'other' }
  }

  /** What stands up to the closing bracket, behind what was found already. */
  function items(close: string, depth: number, found: PythonValue[]): PythonValue[] {
    while (!passed(close)) {
      if (found.length > 0) pass(',', `"," or "${close}"`)
      if (passed(close)) break
      found.push(called(expression(depth)))
    }
    return found
  }

  function braces(at: number, depth: number): PythonValue {
    if (passed('}')) return { is: 'dict', entries: [] }
    const place = { at: token.at, line: lineOf(token.at) }
    const first = called(expression(depth))
    if (isMark(':')) return { is: 'dict', entries: entries(first, place, depth) }
    const members = new Map<string, PythonValue>()
    for (const item of items('}', depth, [first])) {
      const hash = hashed(item, at)
      if (!members.has(hash)) members.set(hash, item)
    }
    return { is: 'set', items: [...members.values()] }
  }

  function entries(firstKey: PythonValue, firstPlace: Place, depth: number): PythonEntry[] {
    const found = new Map<string, PythonEntry>()
    let [key, place] = [firstKey, firstPlace]
    for (;;) {
      pass(':', '":"')
      const value = called(expression(depth))
      const hash = hashed(key, place.at)
      found.set(hash, { key: found.get(hash)?.key ?? key, value, line: place.line })
      if (!isMark('}')) pass(',', '"," or "}"')
      if (passed('}')) return [...found.values()]
      place = { at: token.at, line: lineOf(token.at) }
      key = called(expression(depth))
    }
  }

  function hashed(value: PythonValue, at: number): string {
    const key = hashKeyOf(value)
    if (key === null) throw new PythonRefusal('Lists, sets and dicts are no keys of a dict, nor members of a set.', at)
    return key
  }

  function called({ value, written }: Read): PythonValue {
    if (written === 'set') throw unexpected('"()" behind set')
    return value
  }
}

/** Tells the lines of places that come in their order, from 1. */
function lineCounter(source: string): (at: number) => number {
  let [line, next] = [1, source.indexOf('\n')]
  return (at) => {
    for (; next >= 0 && next < at; next = source.indexOf('\n', next + 1)) line++
    return line
  }
}
