import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createScanner, type Secret } from './scanner.ts'

const text = { kind: 'text', marker: 'q"7Xé%4kZ\\pT/9mW&2bR' } satisfies Secret
const key = { kind: 'key', marker: randomBytes(32) } satisfies Secret
const scan = createScanner([text, key])
const noise = (length: number) => randomBytes(length)

/** Somewhere in noise. */
const hidden = (needle: Buffer | string) => Buffer.concat([noise(1009), Buffer.from(needle), noise(1009)])

/** A piece of twelve characters, begun where told. */
const piece = (at: number) => [...text.marker].slice(at, at + 12).join('')

const written: [string, (piece: string) => string | Buffer][] = [
  ['raw', (text) => text],
  ['URL-encoded', (text) => new URLSearchParams({ text: encodeURIComponent(text) }).get('text') ?? ''],
  ['JSON-escaped', (text) => JSON.stringify({ text })],
  ['base64', (text) => Buffer.from(`${text}!`).toString('base64')],
  ['base64', (text) => Buffer.from(`x${text}!`).toString('base64')],
  ['base64', (text) => Buffer.from(`xy${text}!`).toString('base64')],
  ['base64url', (text) => Buffer.from(`xyz?>${text}`).toString('base64url')],
  ['hex', (text) => Buffer.from(`x${text}`).toString('hex')],
  ['hex', (text) => Buffer.from(text).toString('hex').toUpperCase()],
  ['UTF-16LE', (text) => Buffer.from(text, 'utf16le')],
]

describe('the scanner', () => {
  it.each(written)('finds any twelve characters of a secret, %s (%#)', (form, write) => {
    for (let at = 0; at + 12 <= [...text.marker].length; at++) {
      expect(scan(hidden(write(piece(at))))).toContainEqual({ kind: 'text', form })
    }
  })

  it.each([
    ['raw', (bytes: Buffer) => bytes],
    ['base64', (bytes: Buffer) => bytes.toString('base64')],
    ['hex', (bytes: Buffer) => bytes.toString('hex')],
    ['list of bytes', (bytes: Buffer) => JSON.stringify(bytes)],
  ] as const)('finds a key, %s', (form, write) => {
    expect(scan(hidden(write(key.marker)))).toContainEqual({ kind: 'key', form })
  })

  it('finds what stands at the very beginning and at the very end', () => {
    expect(scan(piece(0))).toContainEqual({ kind: 'text', form: 'raw' })
    expect(scan(Buffer.concat([noise(100), Buffer.from(piece(3))]))).toContainEqual({ kind: 'text', form: 'raw' })
  })

  it('finds nothing where there is nothing, nor in eleven characters', () => {
    expect(scan(noise(1_000_000))).toEqual([])
    expect(scan(hidden(piece(0).slice(0, 11)))).toEqual([])
    expect(scan('')).toEqual([])
  })
})
