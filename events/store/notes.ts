import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { createRegistry, defineEvent, type Recorded } from '../event.ts'
import type { Append, StreamAppend } from './append.ts'
import { openPool } from './database.ts'
import { type EventStore, openEventStore } from './event-store.ts'
import { readLog } from './read.ts'
import { createTestDatabase } from './testing.ts'

const noted = defineEvent('Noted', { version: 1, data: z.object({ text: z.string() }) })
export const notes = createRegistry([noted])
const actor = { kind: 'person' as const, id: 'ada', name: 'Ada' }

type Note = { organizationId: string; streamId: string; expectedVersion: number; text: string; commandId?: string }

/** An append of one note, for tests of the store that care for no domain. */
export function note({ organizationId, streamId, expectedVersion, text, commandId = randomUUID() }: Note): Append {
  const event: Recorded = {
    ...{ type: 'Noted', data: { text }, organizationId, streamType: 'note', streamId, version: expectedVersion + 1 },
    ...{ eventId: randomUUID(), schemaVersion: 1, actor, correlationId: commandId, causationId: null, commandId },
    recordedAt: new Date('2026-11-24T10:00:00.123Z'),
  }
  const stream: StreamAppend = {
    ...{ streamType: 'note', streamId, expectedVersion },
    ...{ events: [event], state: { text }, stateVersion: 1 },
  }
  return {
    ...{ organizationId, commandId, recordedAt: event.recordedAt, rows: [], projections: [], streams: [stream] },
    requestHash: createHash('sha256').update(text).digest(),
  }
}

/** Every position of an organization's log, in the order it is read. */
export async function positionsOf(store: EventStore, organizationId: string): Promise<number[]> {
  const positions: number[] = []
  for (;;) {
    const after = positions.at(-1) ?? 0
    const page = await readLog(store.db, store.registry, { organizationId, after, limit: 1000 })
    for (const entry of page) positions.push(entry.ok ? entry.event.position : entry.position)
    if (page.length < 1000) return positions
  }
}

/** A store on a fresh database, and more like it on the same database. */
export async function openNotes(options: { max?: number } = {}) {
  const database = await createTestDatabase()
  const opened: (() => Promise<void>)[] = []
  const open = async (): Promise<EventStore> => {
    const pool = openPool(database.connectionString, { max: options.max ?? 10 })
    const store = await openEventStore({ pool, registry: notes })
    opened.push(async () => {
      await store.close()
      await pool.end()
    })
    return store
  }
  return {
    ...{ database, open, store: await open() },
    async close() {
      for (const close of opened) await close()
      await database[Symbol.asyncDispose]()
    },
  }
}
