import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createRegistry, defineEvent, type Recorded } from '../event.ts'
import { append } from '../store/append.ts'
import { note, openNotes } from '../store/notes.ts'
import { readLog } from '../store/read.ts'
import { leafHash } from './leaf.ts'

const anything = createRegistry([defineEvent('Anything', { version: 1, data: z.unknown() })])

let notes: Awaited<ReturnType<typeof openNotes>>
beforeAll(async () => {
  notes = await openNotes()
})
afterAll(() => notes.close())

/** An append of one event that holds this data, and the event itself. */
function holding(data: unknown, organizationId = randomUUID()) {
  const command = note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: '' })
  const [stream] = command.streams
  const [template] = stream?.events ?? []
  if (!stream || !template) throw new Error('A note has one event')
  const event: Recorded = { ...template, type: 'Anything', data }
  return { event, command: { ...command, streams: [{ ...stream, events: [event] }] } }
}

/** What the database kept of an event: the leaf beside it, and the leaf of what is read back. */
async function leavesOf(organizationId: string) {
  const { db } = notes.store
  const [row] = await db.selectFrom('event').select('leaf_hash').where('organization_id', '=', organizationId).execute()
  const [entry] = await readLog(db, anything, { organizationId, after: 0, limit: 1 })
  if (!entry?.ok) throw new Error('The event was not read')
  return { stored: row?.leaf_hash.toString('hex'), read: leafHash(entry.event).toString('hex') }
}

async function expectStable(data: unknown): Promise<void> {
  const organizationId = randomUUID()
  const { event, command } = holding(data, organizationId)
  expect(await append(notes.store, command)).toMatchObject({ is: 'appended' })
  const leaf = leafHash(event).toString('hex')
  expect(await leavesOf(organizationId)).toEqual({ stored: leaf, read: leaf })
}

describe("an event's leaf", () => {
  test('is the same for any data that PostgreSQL gives back', async () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'))
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(null, true, 1e21, -0, 1e-7, '\\u0000'),
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.maxSafeInteger(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(text, tie('value'), { maxKeys: 5 }),
      ),
    }))
    await fc.assert(fc.asyncProperty(value, expectStable), { numRuns: 150 })
  })

  test.each([
    ['a large number', { n: 1e21 }],
    ['the largest number', { n: Number.MAX_VALUE }],
    ['the smallest number', { n: Number.MIN_VALUE }],
    ['a negative zero', { n: -0 }],
    ['a number that binary fractions miss', { n: 0.1 + 0.2 }],
    ['keys in another order than jsonb keeps', { zebra: 1, b: 2, aa: 3, '': 4, é: 5, '\u{1f600}': 6, '\ufb33': 7 }],
    ['text beyond the basic plane', { text: '𝄞 é é \u2028 \u007f \ufffe' }],
    ['quotes, backslashes and line ends', { text: '"\\\b\f\n\r\t\u0001' }],
    ['the written form of a NUL character', { text: 'C:\\u0000', more: '\\\\u0000' }],
    ['a key that names the prototype', JSON.parse('{"__proto__":{"a":1}}')],
    ['nothing', {}],
  ])('survives jsonb with %s', (_, data) => expectStable(data))

  test('does not depend on the order of keys', () => {
    const { event } = holding({ a: 1, b: { c: 2, d: 3 } })
    expect(leafHash({ ...event, data: { b: { d: 3, c: 2 }, a: 1 } })).toEqual(leafHash(event))
  })

  test('changes with every part of the event', () => {
    const { event } = holding({ a: 1 })
    const changes: Partial<Recorded>[] = [
      { organizationId: randomUUID() },
      { streamType: 'other' },
      { streamId: randomUUID() },
      { version: 2 },
      { eventId: randomUUID() },
      { type: 'Other' },
      { schemaVersion: 2 },
      { data: { a: 2 } },
      { actor: { ...event.actor, name: 'Mallory' } },
      { correlationId: randomUUID() },
      { causationId: randomUUID() },
      { commandId: randomUUID() },
      { recordedAt: new Date(event.recordedAt.getTime() + 1) },
    ]
    const leaves = changes.map((change) => leafHash({ ...event, ...change }).toString('hex'))
    expect(changes.flatMap(Object.keys).sort()).toEqual(Object.keys(event).sort())
    expect(new Set([leafHash(event).toString('hex'), ...leaves]).size).toBe(changes.length + 1)
  })

  test.each([
    ['a NUL character', { text: 'secret\0' }],
    ['a NUL character behind a backslash', { text: 'secret\\\0' }],
    ['a NUL character in a key', { 'secret\0': 1 }],
    ['the first half of a surrogate pair', { text: 'secret\ud834' }],
    ['the second half of a surrogate pair', { text: '\udd1esecret' }],
    ['half a surrogate pair in a key', { 'secret\ud834': 1 }],
  ])('is refused for %s, without quoting it', (_, data) => {
    const { event } = holding(data)
    expect(() => leafHash(event)).toThrow(Error)
    expect(() => leafHash(event)).not.toThrow(/secret/)
  })
})
