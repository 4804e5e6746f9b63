import { describe, expect, test } from 'vitest'
import { CUT_MARK, lineSplitter } from './line-splitter.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** Everything that comes out of these parts. */
function split(parts: Uint8Array[], bytesPerLine = 100): string[] {
  const splitter = lineSplitter(bytesPerLine)
  return [...parts.flatMap((part) => splitter.push(part)), ...splitter.end()]
}

describe('what a program writes', () => {
  test('becomes lines, whatever its line ends, the last one too', () => {
    expect(split([bytes('a\nb\r\n\nc')])).toEqual(['a', 'b', '', 'c'])
    expect(split([bytes('a\n')])).toEqual(['a'])
    expect(split([])).toEqual([])
  })
  test('becomes the same lines in any parts', () => {
    const text = 'größer → 🎉\n\r\nzwei\nd'
    const whole = bytes(text)
    for (let at = 0; at <= whole.length; at++) {
      expect(split([whole.subarray(0, at), whole.subarray(at)])).toEqual(['größer → 🎉', '', 'zwei', 'd'])
    }
    expect(split([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(['größer → 🎉', '', 'zwei', 'd'])
  })
  test('is kept when its buffer is used again', () => {
    const splitter = lineSplitter(100)
    const part = bytes('begin')
    splitter.push(part)
    part.fill(120)
    expect(splitter.push(bytes(' end\n'))).toEqual(['begin end'])
  })
  test('is replaced where it is no text', () => {
    expect(split([Uint8Array.of(97, 0xff, 98, 10, 0xc3, 10, 0, 10)])).toEqual(['a\uFFFDb', '\uFFFD', '\uFFFD'])
  })
  test('is cut where a line is too long, and the next line is whole', () => {
    const long = `${'x'.repeat(11)}\n${'y'.repeat(10)}\nz`
    expect(split([bytes(long)], 10)).toEqual([`${'x'.repeat(10)}${CUT_MARK}`, 'y'.repeat(10), 'z'])
    expect(
      split(
        [...bytes(long)].map((byte) => Uint8Array.of(byte)),
        10,
      ),
    ).toEqual(split([bytes(long)], 10))
    expect(split([bytes('x'.repeat(1000))], 10)).toEqual([`${'x'.repeat(10)}${CUT_MARK}`])
  })
})
