import { describe, expect, it } from 'vitest'
import { plainOf, spansOf } from './ansi.ts'

const ESC = '\u001b'
/** Each span with what it has beyond plain text. */
const said = (line: string) =>
  spansOf(line).map(({ text, ...look }) => [
    text,
    ...Object.entries(look).flatMap(([name, value]) => (value ? [value === true ? name : `${name} ${value}`] : [])),
  ])

describe('a line with colours', () => {
  it('is cut where the look changes, as Odoo writes its levels', () => {
    expect(said(`1 ${ESC}[1;32m${ESC}[1;49mINFO${ESC}[0m shop`)).toEqual([
      ...[['1 '], ['INFO', 'colour green', 'bold'], [' shop']],
    ])
    expect(said(`${ESC}[1;37m${ESC}[1;41mCRITICAL${ESC}[0m`)).toEqual([
      ['CRITICAL', 'colour white', 'background red', 'bold'],
    ])
  })

  it('knows bright colours, weights, and their ends', () => {
    expect(said(`${ESC}[2;3;4;91ma${ESC}[22;23;24;39mb${ESC}[7mc${ESC}[27md${ESC}[me`)).toEqual([
      ['a', 'colour red', 'dim', 'italic', 'underline'],
      ['b'],
      ['c', 'colour white', 'background black'],
      ...[['d'], ['e']],
    ])
  })

  it('takes the nearest hue for one of 256 and for one of all', () => {
    expect(said(`${ESC}[38;5;196ma${ESC}[38;5;9mb${ESC}[48;2;20;200;30mc${ESC}[38;5;250;1md`)).toEqual([
      ...[
        ['a', 'colour red'],
        ['b', 'colour red'],
      ],
      ['c', 'colour red', 'background green'],
      ['d', 'colour white', 'background green', 'bold'],
    ])
    expect(said(`${ESC}[38:2:250:250:10mx`)).toEqual([['x', 'colour yellow']])
  })
})

describe('what else a line holds', () => {
  it.each([
    ['moves of the cursor', `a${ESC}[2Jb${ESC}[10;20Hc${ESC}[?25l`, 'abc'],
    ['a title of the window', `a${ESC}]0;owned\u0007b`, 'ab'],
    ['a link', `${ESC}]8;;https://example.com${ESC}\\words${ESC}]8;;${ESC}\\`, 'words'],
    ['a string that is never ended', `a${ESC}]52;c;aGk=`, 'a'],
    ['a device control string', `a${ESC}Pq#0;2${ESC}\\b`, 'ab'],
    ['an eight-bit sequence', 'a\u009b31mb', 'ab'],
    ['a reset of the terminal', `a${ESC}cb${ESC}(Bd`, 'abd'],
    ['a sequence that is cut off', `a${ESC}[31`, 'a'],
    ['a lone escape', `a${ESC}`, 'a'],
  ])('is dropped: %s', (_, line, plain) => {
    expect(plainOf(line)).toBe(plain)
  })

  it('shows as a symbol: controls, and what turns the direction of reading', () => {
    expect(plainOf('a\u0000b\rc\u0008d\u007fe\u0085')).toBe('a\u2400b\u240dc\u2408d\u2421e<U+0085>')
    expect(plainOf('pay \u202eda\u2066')).toBe('pay <U+202E>da<U+2066>')
    expect(plainOf('a\tb é 商')).toBe('a\tb é 商')
  })

  it('is never more than a moment’s work', () => {
    const hostile = `${ESC}]`.repeat(20_000) + `${ESC}[`.repeat(20_000) + '1;'.repeat(20_000)
    expect(plainOf(hostile)).toBe('')
  })
})
