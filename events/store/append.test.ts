import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { append } from './append.ts'
import type { EventStore } from './event-store.ts'
import { note, openNotes, positionsOf } from './notes.ts'

let store: EventStore
let close: () => Promise<void>

beforeAll(async () => {
  const opened = await openNotes()
  store = opened.store
  close = opened.close
})
afterAll(() => close())

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
    expect(await positionsOf(store, organizationId)).toEqual([1])
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
    expect(await positionsOf(store, organizationId)).toEqual([1, 2])
  })

  test('refuses data that cannot be stored without undoing its neighbours', async () => {
    const organizationId = randomUUID()
    const bad = append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'a\u0000b' }))
    const good = append(store, note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'good' }))
    await expect(bad).rejects.toThrow('cannot store')
    expect(await good).toMatchObject({ is: 'appended' })
    expect(await positionsOf(store, organizationId)).toEqual([1])
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
    expect(await positionsOf(store, organizationId)).toEqual([1])
    expect(await pair(1)).toMatchObject({ is: 'appended' })
    expect(await positionsOf(store, organizationId)).toEqual([1, 2, 3])
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
    const logs = await Promise.all(organizations.map((id) => positionsOf(store, id)))
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
