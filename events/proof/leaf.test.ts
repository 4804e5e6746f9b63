import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NewEvent, Recorded } from '../event.ts'
import { leafHash } from './leaf.ts'

const event = (data: unknown): Recorded<NewEvent> => ({
  ...{ organizationId: 'o', streamType: 'connection', streamId: 's', version: 1, eventId: 'e' },
  ...{ type: 'ConnectionRenamed', schemaVersion: 1, data, actor: { kind: 'job', id: 'j', name: 'J' } },
  ...{ correlationId: 'c', causationId: null, commandId: 'k', recordedAt: new Date('2026-11-24T10:00:00.000Z') },
})

/** The same members, last first, at every depth: jsonb keeps no order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  )
}

const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'))
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(1e21, -0, 1e-7, Number.MAX_SAFE_INTEGER, null, true, '\\u0000', '\\\\u0000'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value

describe('the leaf of an event', () => {
  test('stays the same when its data is stored and read back', () =>
    fc.assert(
      fc.property(json, (data) => {
        const stored = reversed(JSON.parse(JSON.stringify(data)))
        expect(leafHash(event(stored))).toEqual(leafHash(event(data)))
      }),
      { numRuns: 1000 },
    ))

  test('is another when the data is another', () =>
    expect(leafHash(event({ name: 'a' }))).not.toEqual(leafHash(event({ name: 'b' }))))

  test('takes a text that only spells the escape of NUL', () =>
    expect(leafHash(event({ name: '\\u0000' }))).toHaveLength(32))

  for (const [what, secret] of [
    ['a NUL character', 'canary\0'],
    ['a NUL after a backslash', 'canary\\\0'],
    ['a high half of a pair', 'canary\ud800'],
    ['a low half of a pair', '\udc00canary'],
  ]) {
    test(`refuses ${what}, naming the event and not the text`, () => {
      expect(() => leafHash(event({ name: secret }))).toThrow('ConnectionRenamed')
      expect(() => leafHash(event({ name: secret }))).not.toThrow('canary')
    })
  }
})
