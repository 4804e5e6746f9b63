import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { append } from './append.ts'
import { follow } from './follow.ts'
import { note, openNotes, positionsOf } from './notes.ts'

const WRITERS = 16
const EACH = 250
const HOT_STREAMS = 4

describe('sixteen writers, hot streams, rollbacks and a foreign transaction held open', () => {
  test('lose, reorder and double nothing for any follower', async () => {
    const opened = await openNotes({ max: 8 })
    const [here, there] = [opened.store, await opened.open()]
    const organizationId = randomUUID()
    const hot = Array.from({ length: HOT_STREAMS }, () => randomUUID())

    // A transaction of another program, with an id of its own, that stays open all the while.
    const foreign = new pg.Client({ connectionString: opened.database.connectionString })
    await foreign.connect()
    await foreign.query('begin')
    await foreign.query('select pg_current_xact_id()')

    const ended = new AbortController()
    const followers = [here, there, here].map((store) => {
      const seen: { position: number; streamId: string; version: number }[] = []
      const done = (async () => {
        for await (const entry of follow(store, { organizationId, after: 0, signal: ended.signal })) {
          if (entry.ok) seen.push(entry.event)
        }
      })()
      return { seen, done }
    })

    const doubled = randomUUID()
    const versions = new Map<string, number>()
    let acknowledged = 0
    const writer = async (number: number) => {
      const store = number % 2 === 0 ? here : there
      for (let n = 0; n < EACH; n++) {
        const streamId = n % 3 === 0 ? (hot[(number + n) % HOT_STREAMS] ?? randomUUID()) : randomUUID()
        const expectedVersion = versions.get(streamId) ?? 0
        // One in twenty doubles a command id: PostgreSQL rolls its whole batch back, which then runs one by one.
        const commandId = n % 20 === 7 ? doubled : randomUUID()
        const text = `${number}/${n}`
        const outcome = await append(store, note({ organizationId, streamId, expectedVersion, text, commandId }))
        if (outcome.is !== 'appended') continue
        acknowledged++
        versions.set(streamId, Math.max(versions.get(streamId) ?? 0, expectedVersion + 1))
      }
    }
    await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)))

    const expected = Array.from({ length: acknowledged }, (_, index) => index + 1)
    expect(await positionsOf(here, organizationId)).toEqual(expected)
    for (const { seen } of followers) {
      await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(acknowledged)
      expect(seen.map(({ position }) => position)).toEqual(expected)
      const last = new Map<string, number>()
      for (const { streamId, version } of seen) {
        expect(version).toBe((last.get(streamId) ?? 0) + 1)
        last.set(streamId, version)
      }
    }
    ended.abort()
    await Promise.all(followers.map(({ done }) => done))
    await foreign.query('rollback')
    await foreign.end()
    await opened.close()
  })
})
