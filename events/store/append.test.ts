import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createRegistry, defineEvent, type Recorded } from '../event.ts'
import { type Append, append } from './append.ts'
import { openPool } from './database.ts'
import { type EventStore, openEventStore } from './event-store.ts'
import { readLog } from './read.ts'
import { createTestDatabase } from './testing.ts'

const noted = defineEvent('Noted', { version: 1, data: z.object({ text: z.string() }) })
const actor = { kind: 'person' as const, id: 'ada', name: 'Ada' }

let store: EventStore
let close: () => Promise<void>

beforeAll(async () => {
  const database = await createTestDatabase()
  const pool = openPool(database.connectionString)
  store = await openEventStore({ pool, registry: createRegistry([noted]) })
  close = async () => {
    await store.close()
    await pool.end()
    await database[Symbol.asyncDispose]()
  }
})
afterAll(() => close())

type Note = { organizationId: string; streamId: string; expectedVersion: number; text: string; commandId?: string }

function note({ organizationId, streamId, expectedVersion, text, commandId = randomUUID() }: Note): Append {
  const event: Recorded = {
    ...{ type: 'Noted', data: { text }, organizationId, streamType: 'note', streamId, version: expectedVersion + 1 },
    ...{ eventId: randomUUID(), schemaVersion: 1, actor, correlationId: commandId, causationId: null, commandId },
    recordedAt: new Date('2026-11-24T10:00:00.123Z'),
  }
  return {
    ...{ organizationId, commandId, recordedAt: event.recordedAt, rows: [], projections: [] },
    requestHash: createHash('sha256').update(text).digest(),
    streams: [{ streamType: 'note', streamId, expectedVersion, events: [event], state: { text }, stateVersion: 1 }],
  }
}

async function positionsOf(organizationId: string): Promise<number[]> {
  const entries = await readLog(store.db, store.registry, { organizationId, after: 0, limit: 1000 })
  return entries.map((entry) => (entry.ok ? entry.event.position : entry.position))
}

describe('appending to a stream', () => {
  test('gives the event the next place of its organization', async () => {
    const organizationId = randomUUID()
    const first = await append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'a' }))
    const second = await append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'b' }))
    expect([...(first.is === 'appended' ? first.positions.values() : [])]).toEqual([1])
    expect([...(second.is === 'appended' ? second.positions.values() : [])]).toEqual([2])
  })

  test('lets one of many writers at the same version win, and leaves nothing of the others', async () => {
    const organizationId = randomUUID()
    const streamId = randomUUID()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        append(store, note({ organizationId, streamId, expectedVersion: 0, text: `${n}` })),
      ),
    )
    expect(outcomes.filter(({ is }) => is === 'appended')).toHaveLength(1)
    expect(await positionsOf(organizationId)).toEqual([1])
    const receipts = await store.db
      .selectFrom('receipt')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .execute()
    expect(receipts).toHaveLength(1)
  })

  test('is a conflict at a version that a missing stream does not have, and makes no head', async () => {
    const organizationId = randomUUID()
    const outcome = await append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 3, text: 'a' }))
    expect(outcome).toEqual({ is: 'conflict' })
    const heads = await store.db
      .selectFrom('stream_head')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .execute()
    expect(heads).toEqual([])
  })

  test('carries a command id out once, and its neighbours all the same', async () => {
    const organizationId = randomUUID()
    const commandId = randomUUID()
    const same = (text: string) =>
      append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text, commandId }))
    const other = append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'other' }))
    const outcomes = await Promise.all([same('a'), same('b'), other])
    expect(outcomes.map(({ is }) => is).sort()).toEqual(['appended', 'appended', 'conflict'])
    expect(await positionsOf(organizationId)).toEqual([1, 2])
  })

  test('refuses data that cannot be stored without undoing its neighbours', async () => {
    const organizationId = randomUUID()
    const bad = append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'a\u0000b' }))
    const good = append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'good' }))
    await expect(bad).rejects.toThrow('cannot store')
    expect(await good).toMatchObject({ is: 'appended' })
    expect(await positionsOf(organizationId)).toEqual([1])
  })
})

describe('appending to several streams', () => {
  test('writes all of them or none', async () => {
    const organizationId = randomUUID()
    const [left, right] = [randomUUID(), randomUUID()]
    await append(store, note({ organizationId, streamId: right, expectedVersion: 0, text: 'taken' }))
    const pair = (expectedRight: number) => {
      const a = note({ organizationId, streamId: left, expectedVersion: 0, text: 'left' })
      const b = note({ organizationId, streamId: right, expectedVersion: expectedRight, text: 'right' })
      return append(store, { ...a, streams: [...a.streams, ...b.streams] })
    }
    expect(await pair(0)).toEqual({ is: 'conflict' })
    expect(await positionsOf(organizationId)).toEqual([1])
    expect(await pair(1)).toMatchObject({ is: 'appended' })
    expect(await positionsOf(organizationId)).toEqual([1, 2, 3])
  })
})

describe('the log of many organizations', () => {
  test('is dense in each, whatever the writers do at once', async () => {
    const organizations = [randomUUID(), randomUUID(), randomUUID()]
    const hot = randomUUID()
    const writes = Array.from({ length: 300 }, (_, n) => {
      const organizationId = organizations[n % 3] ?? ''
      const streamId = n % 5 === 0 ? hot : randomUUID()
      return append(store, note({ organizationId, streamId, expectedVersion: 0, text: `${n}` }))
    })
    const appended = (await Promise.all(writes)).filter(({ is }) => is === 'appended').length
    const logs = await Promise.all(organizations.map(positionsOf))
    expect(logs.flat()).toHaveLength(appended)
    for (const log of logs) expect(log).toEqual(log.map((_, index) => index + 1))
  })

  test('cannot be changed afterwards', async () => {
    const organizationId = randomUUID()
    await append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'a' }))
    const change = store.db
      .updateTable('event')
      .set({ type: 'Forged' })
      .where('organization_id', '=', organizationId)
      .execute()
    await expect(change).rejects.toThrow('append-only')
  })
})
