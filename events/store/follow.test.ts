import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { append } from './append.ts'
import type { EventStore } from './event-store.ts'
import { follow } from './follow.ts'
import { note, openNotes } from './notes.ts'

let opened: Awaited<ReturnType<typeof openNotes>>

beforeAll(async () => {
  opened = await openNotes()
})
afterAll(() => opened.close())

/** Follows into an array until stopped. */
function listen(store: EventStore, organizationId: string, after = 0) {
  const seen: number[] = []
  const ended = new AbortController()
  const done = (async () => {
    for await (const entry of follow(store, { organizationId, after, signal: ended.signal })) {
      seen.push(entry.ok ? entry.event.position : -entry.position)
    }
  })()
  return {
    seen,
    async stop() {
      ended.abort()
      await done
    },
  }
}

const write = (store: EventStore, organizationId: string) =>
  append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'a' }))

describe('following an organization', () => {
  test('gives what is there, then what comes, each once and in order', async () => {
    const organizationId = randomUUID()
    await write(opened.store, organizationId)
    const listener = listen(opened.store, organizationId)
    await vi.waitFor(() => expect(listener.seen).toEqual([1]))
    await write(opened.store, organizationId)
    await write(opened.store, organizationId)
    await vi.waitFor(() => expect(listener.seen).toEqual([1, 2, 3]))
    await listener.stop()
  })

  test('goes on from a position', async () => {
    const organizationId = randomUUID()
    for (let n = 0; n < 3; n++) await write(opened.store, organizationId)
    const listener = listen(opened.store, organizationId, 2)
    await vi.waitFor(() => expect(listener.seen).toEqual([3]))
    await listener.stop()
  })

  test('hears what another process appends', async () => {
    const organizationId = randomUUID()
    const other = await opened.open()
    const listener = listen(opened.store, organizationId)
    await write(other, organizationId)
    await vi.waitFor(() => expect(listener.seen).toEqual([1]))
    await listener.stop()
  })

  test('goes on after its listening connection was cut', async () => {
    const organizationId = randomUUID()
    const other = await opened.open()
    const listener = listen(opened.store, organizationId)
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where query like 'listen%' and datname = current_database()`.execute(other.db)
    await write(other, organizationId)
    await vi.waitFor(() => expect(listener.seen).toEqual([1]), { timeout: 5_000 })
    await listener.stop()
  })

  test('tells of an event that it cannot read, and goes on', async () => {
    const organizationId = randomUUID()
    const strange = note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'a' })
    const events = strange.streams.flatMap((stream) => stream.events.map((event) => ({ ...event, type: 'Unheard' })))
    await append(opened.store, { ...strange, streams: strange.streams.map((stream) => ({ ...stream, events })) })
    await write(opened.store, organizationId)
    const listener = listen(opened.store, organizationId)
    await vi.waitFor(() => expect(listener.seen).toEqual([-1, 2]))
    await listener.stop()
  })
})
