import { describe, expect, test } from 'vitest'
import { FLUSH, pktLine, readPktLines } from './pkt-line.ts'

describe('lines as git frames them', () => {
  test('are read as they were written', () => {
    const written = Buffer.from(pktLine('a ä\n') + pktLine('b') + FLUSH)
    expect(readPktLines(written)).toEqual(['a ä', 'b'])
    expect(readPktLines(Buffer.from(FLUSH))).toEqual([])
  })

  test.each([
    '',
    '0',
    '00',
    '0001',
    '0003',
    'ffff',
    '<html>',
    '0005',
    '0009abc',
    '-001',
    '0x05a0000',
    '0005a',
    '0000rest',
  ])('are not found in %j', (text) => expect(readPktLines(Buffer.from(text))).toBe(null))
})
