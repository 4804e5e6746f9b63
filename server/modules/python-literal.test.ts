import { describe, expect, test } from 'vitest'
import goldens from './python-literal.goldens.json' with { type: 'json' }
import { readPythonLiteral } from './python-literal.ts'
import { askPython, compareWithPython, ourAnswer } from './testing.ts'

const COMPARED = 2_000

describe('a Python literal', () => {
  test.each(goldens)('$text is read, or refused, as Python does it', ({ text, python }) => {
    expect(ourAnswer(text)).toBe(python)
  })

  test('is what the checked-in answers say, where there is a Python', async ({ skip }) => {
    const asked = await askPython(goldens.map(({ text }) => text))
    if ('absent' in asked) return skip(asked.absent)
    expect(asked.answers).toEqual(goldens.map(({ python }) => python))
  })

  test('is taken as Python takes it, whatever comes', async ({ skip }) => {
    const compared = await compareWithPython(COMPARED, 20_261_128)
    if ('absent' in compared) return skip(compared.absent)
    process.stdout.write(`${compared.compared} texts compared with Python, ${compared.read} of them read\n`)
    expect(compared.different).toEqual([])
    expect(compared.read, 'texts that are literals').toBeGreaterThan(COMPARED / 5)
    expect(compared.compared - compared.read, 'texts that are none').toBeGreaterThan(COMPARED / 5)
  })

  test('is refused where Python would have to know a character by its name', () => {
    expect(ourAnswer("b'\\N{DASH}' r'\\N{DASH}'.strip()")).toBe(null)
    expect(ourAnswer("r'\\N{DASH}'")).toBe('text "\\\\N{DASH}"')
    expect(readPythonLiteral("{\n 'a': 'b\\N{EN DASH}'}")).toEqual({
      ...{ is: 'problem', line: 2, column: 9 },
      message: 'A character by its name (\\N{...}) is not read here; write the character itself.',
    })
  })

  test.each([
    ['x = {}', 1, 1, 'Only literals are read, and "x" is none.'],
    ["{\r\n  'name': _('x'),\r\n}", 2, 11, 'Only literals are read, and "_" is none.'],
    ["{'a': 'é😀' % 1}", 1, 12, '"%" is not part of a literal.'],
    ["'a' + 'b'", 1, 5, 'Nothing is computed here, except a complex number such as 1+2j.'],
    ['{"a": 1 "b": 2}', 1, 9, 'Here stands a string, where "," or "}" is expected.'],
    ['[1, 2', 1, 6, 'Here stands the end, where "," or "]" is expected.'],
    ['{}\n\n{}', 3, 1, 'Here stands "{", where the end is expected.'],
    ['\n\n  {}', 3, 3, 'This line is indented, which Python does not expect here.'],
    ['\ufeff{}', 1, 1, 'Only literals are read, and U+FEFF is none.'],
    ["{'a': 'b", 1, 7, 'This string is not closed.'],
    ['{[]: 1}', 1, 2, 'Lists, sets and dicts are no keys of a dict, nor members of a set.'],
    ['[1,\n\0]', 2, 1, 'A NUL character is no text.'],
    ['["\ud800"]', 1, 3, 'Half of a character stands here.'],
  ])('%j is refused at its line and column', (text, line, column, message) => {
    expect(readPythonLiteral(text)).toEqual({ is: 'problem', line, column, message })
  })

  test('tells the line of each key, of one written twice the last', () => {
    const read = readPythonLiteral("{'a': {\n 'b': 1},\n 'c': '''\n\n''', 'd': 2,\n 'a': 3}")
    const lines = read.is === 'dict' ? read.entries.map(({ key, line }) => [key, line]) : []
    expect(lines).toEqual([
      [{ is: 'text', value: 'a' }, 6],
      [{ is: 'text', value: 'c' }, 3],
      [{ is: 'text', value: 'd' }, 5],
    ])
  })
})

describe('the limits of a literal', () => {
  const refused = (text: string) => expect(readPythonLiteral(text))
  const read = (text: string) => expect(readPythonLiteral(text).is)

  test('are 64 brackets inside each other', () => {
    read(`${'['.repeat(64)}${']'.repeat(64)}`).toBe('list')
    refused(`\n${'{1:('.repeat(33)}${')}'.repeat(33)}`).toMatchObject({
      ...{ is: 'problem', line: 2, column: 129 },
      message: 'Brackets are nested more than 64 deep.',
    })
  })

  test('are 256 kB of UTF-8', () => {
    read(`'${'é'.repeat(131_071)}'`).toBe('text')
    refused(`'${'é'.repeat(131_071)}' `).toMatchObject({ is: 'problem', message: 'This is longer than 256 kB.' })
  })

  test('are 100,000 values', () => {
    read(`[${'1,'.repeat(99_999)}]`).toBe('list')
    refused(`[${'1,'.repeat(100_000)}]`).toMatchObject({ is: 'problem', message: 'These are more than 100000 values.' })
  })

  // Each of these takes minutes where the time grows with the square of the length.
  const length = 262_000
  test.each([
    ['opening brackets', '('.repeat(length)],
    ['quotes', "'".repeat(length)],
    ['quotes that are never closed', `'''${"''\\'".repeat(length / 4)}`],
    ['backslashes', `'${'\\'.repeat(length)}'`],
    ['escapes', `'${'\\x41'.repeat(length / 4 - 1)}'`],
    ['digits', '9'.repeat(length)],
    ['digits and underscores', `1${'_1'.repeat(length / 2 - 1)}`],
    ['hexadecimal digits', `0x${'f'.repeat(length)}`],
    ['zeros', '0'.repeat(length)],
    ['points', '.'.repeat(length)],
    ['digits of an exponent', `1e${'9'.repeat(length)}`],
    ['signs', '-'.repeat(length)],
    ['letters', 'b'.repeat(length)],
    ['wide letters', 'ｓ'.repeat(length / 3)],
    ['comments', '#\n'.repeat(length / 2)],
    ['joined lines', '\\\n'.repeat(length / 2)],
    ['carriage returns', '\r'.repeat(length)],
    ['blanks', `{${' '.repeat(length)}}`],
    ['joined strings', "''".repeat(length / 2)],
    ['keys', `{${"'':1,".repeat(50_000)}}`],
    ['long keys', `{${`'${'a'.repeat(2000)}':1,`.repeat(130)}}`],
    ['nested keys', `{${'('.repeat(63)}${'1,'.repeat(90_000)}${')'.repeat(63)}: 1}`],
    ['lines before a mistake', `{${'\n'.repeat(length - 2)}!`],
    ['dicts in dicts', `${'{1:'.repeat(64)}${'1'.repeat(4000)}${'}'.repeat(64)}`],
  ])('are reached in linear time by %s', (_, text) => {
    expect(text.length).toBeLessThanOrEqual(256 * 1024)
    readPythonLiteral(text)
  })
})
