import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { untilWaiting } from '../../test/faults/lock-waits.ts'
import { type Append, append } from './append.ts'
import type { EventStore } from './event-store.ts'
import { follow } from './follow.ts'
import { note, openNotes, positionsOf } from './notes.ts'
import { readStream } from './read.ts'

const PARKED = 'parked'
const BARRIER = 4711

let opened: Awaited<ReturnType<typeof openNotes>>
/** Two processes, as far as the database can tell. */
let here: EventStore
let there: EventStore
let keeper: pg.Client
let organizationId: string

beforeAll(async () => {
  opened = await openNotes()
  here = opened.store
  there = await opened.open()
  keeper = new pg.Client({ connectionString: opened.database.connectionString })
  await keeper.connect()
  // An append of the note "parked" has taken its heads and its places, and then waits until the barrier is lifted.
  await keeper.query(`
    create function park() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(${BARRIER});
      return new;
    end $$`)
  await keeper.query(`
    create trigger parks before insert on event for each row
    when (new.data ->> 'text' = '${PARKED}') execute function park()`)
})
afterAll(async () => {
  await keeper.end()
  await opened.close()
})

beforeEach(async () => {
  organizationId = randomUUID()
  await keeper.query('select pg_advisory_lock($1)', [BARRIER])
})
afterEach(() => lift())

/** Lets the parked append go on. */
async function lift(): Promise<void> {
  await keeper.query('select pg_advisory_unlock_all()')
}

/** Begins an append that holds the organization's head and does not commit; gives its process in the database. */
async function park(more: Partial<Parameters<typeof note>[0]> = {}) {
  const outcome = append(here, plain({ text: PARKED, ...more }))
  // Ends with an error in the tests that cut it off; a rejection that nobody awaits yet must not end the run.
  outcome.catch(() => {})
  const [parked] = await untilWaiting(keeper, 1)
  return { outcome, pid: parked?.pid ?? 0 }
}

const plain = (more: Partial<Parameters<typeof note>[0]> = {}): Append =>
  note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'plain', ...more })

/** A decision that changes nothing, made at the stream's first version. */
function unchanging(streamId: string): Append {
  const command = plain({ streamId, expectedVersion: 1 })
  return { ...command, streams: command.streams.map((stream) => ({ ...stream, events: [] })) }
}

/** The places of an append in its organization's log, or what it came to instead. */
async function placesOf(outcome: ReturnType<typeof append>): Promise<number[] | 'conflict'> {
  const settled = await outcome
  return settled.is === 'appended' ? [...settled.positions.values()] : 'conflict'
}

/** What there is of the organization beside its events. */
async function traces(of: 'receipt' | 'stream_head'): Promise<number> {
  const rows = await here.db.selectFrom(of).selectAll().where('organization_id', '=', organizationId).execute()
  return rows.length
}

describe('an append that has not committed yet', () => {
  test('holds the later ones of its organization up, and they take the places after it', async () => {
    const first = await park()
    const second = append(there, plain())
    const held = (await untilWaiting(keeper, 2)).find(({ pid }) => pid !== first.pid)
    expect(held?.waitsFor).toEqual([first.pid])
    await lift()
    expect(await placesOf(first.outcome)).toEqual([1])
    expect(await placesOf(second)).toEqual([2])
    expect(await positionsOf(here, organizationId)).toEqual([1, 2])
  })

  test('holds the later ones of its own process up too', async () => {
    const first = await park()
    const second = append(here, plain())
    await untilWaiting(keeper, 2)
    await lift()
    expect([await placesOf(first.outcome), await placesOf(second)]).toEqual([[1], [2]])
  })

  test('lets no reader and no follower see a place after its own first', async () => {
    const seen: number[][] = [[], []]
    const ended = new AbortController()
    const followers = [here, there].map(async (store, index) => {
      for await (const entry of follow(store, { organizationId, after: 0, signal: ended.signal })) {
        seen[index]?.push(entry.ok ? entry.event.position : -entry.position)
      }
    })
    const first = await park()
    const later = [append(there, plain()), append(here, plain())]
    await untilWaiting(keeper, 3)
    expect(await positionsOf(there, organizationId)).toEqual([])
    expect(seen).toEqual([[], []])
    await lift()
    await Promise.all([first.outcome, ...later])
    const inOrder = [1, 2, 3]
    await vi.waitFor(() => expect(seen).toEqual([inOrder, inOrder]), { timeout: 15_000 })
    ended.abort()
    await Promise.all(followers)
  })

  test('holds no other organization up', async () => {
    await park()
    const other = note({ organizationId: randomUUID(), streamId: randomUUID(), expectedVersion: 0, text: 'plain' })
    expect(await placesOf(append(there, other))).toEqual([1])
    await untilWaiting(keeper, 1)
  })

  test('leaves no hole and no trace when it is rolled back', async () => {
    const commandId = randomUUID()
    const first = await park({ commandId })
    const second = append(there, plain())
    await untilWaiting(keeper, 2)
    await keeper.query('select pg_terminate_backend($1)', [first.pid])
    await expect(first.outcome).rejects.toThrow('terminating connection')
    expect(await placesOf(second)).toEqual([1])
    expect([await traces('receipt'), await traces('stream_head')]).toEqual([1, 1])
    expect(await placesOf(append(here, plain({ commandId })))).toEqual([2])
    expect(await positionsOf(there, organizationId)).toEqual([1, 2])
  })
})

describe('of two appends at the same version of a stream', () => {
  test('the one that came later loses once the first has committed, and leaves no trace', async () => {
    const streamId = randomUUID()
    const first = await park({ streamId })
    const second = append(there, plain({ streamId }))
    await untilWaiting(keeper, 2)
    await lift()
    expect(await placesOf(first.outcome)).toEqual([1])
    expect(await placesOf(second)).toBe('conflict')
    expect(await positionsOf(here, organizationId)).toEqual([1])
    expect([await traces('receipt'), await traces('stream_head')]).toEqual([1, 1])
  })

  test('the one that came later loses even if it would have changed nothing', async () => {
    const streamId = randomUUID()
    await append(here, plain({ streamId }))
    const first = await park({ streamId, expectedVersion: 1 })
    const second = append(there, unchanging(streamId))
    await untilWaiting(keeper, 2)
    await lift()
    expect([await placesOf(first.outcome), await placesOf(second)]).toEqual([[2], 'conflict'])
    expect(await traces('receipt')).toBe(2)
  })

  test('the one that came later wins once the first was rolled back', async () => {
    const streamId = randomUUID()
    const first = await park({ streamId })
    const second = append(there, plain({ streamId }))
    await untilWaiting(keeper, 2)
    await keeper.query('select pg_terminate_backend($1)', [first.pid])
    expect(await placesOf(second)).toEqual([1])
    const stream = await readStream(here.db, here.registry, { organizationId, streamId })
    expect(stream).toMatchObject([{ ok: true, event: { version: 1, data: { text: 'plain' } } }])
  })
})

describe('of two appends under the same command id', () => {
  test('the one that came later is a conflict once the first has committed, whatever its stream', async () => {
    const commandId = randomUUID()
    const first = await park({ commandId })
    const second = append(there, plain({ commandId }))
    await untilWaiting(keeper, 2)
    await lift()
    expect([await placesOf(first.outcome), await placesOf(second)]).toEqual([[1], 'conflict'])
    expect(await positionsOf(here, organizationId)).toEqual([1])
    expect([await traces('receipt'), await traces('stream_head')]).toEqual([1, 1])
  })
})

describe('an append to several streams', () => {
  test.each(['before', 'after'])(
    'writes nothing when one that it only counts on, sorting %s the other, moved while it waited',
    async (place) => {
      const [low = '', high = ''] = [randomUUID(), randomUUID()].sort()
      const [moved, written] = place === 'before' ? [low, high] : [high, low]
      await append(here, plain({ streamId: moved }))
      const first = await park({ streamId: moved, expectedVersion: 1 })
      const writing = plain({ streamId: written })
      const second = append(there, { ...writing, streams: [...writing.streams, ...unchanging(moved).streams] })
      await untilWaiting(keeper, 2)
      await lift()
      expect([await placesOf(first.outcome), await placesOf(second)]).toEqual([[2], 'conflict'])
      expect(await positionsOf(here, organizationId)).toEqual([1, 2])
      expect([await traces('receipt'), await traces('stream_head')]).toEqual([2, 1])
    },
  )
})

describe('an append that depends on who counts on its stream', () => {
  const counted = randomUUID()
  /** Changes a stream, if nobody has come to count on it since it was held so often. */
  const unlessHeld = (held: number) => {
    const command = plain({ streamId: counted, expectedVersion: 1 })
    return { ...command, streams: command.streams.map((stream) => ({ ...stream, expectedHeld: held })) }
  }
  const headOf = async () => {
    const heads = here.db.selectFrom('stream_head').select(['version', 'held']).where('stream_id', '=', counted)
    return heads.where('organization_id', '=', organizationId).executeTakeFirst()
  }

  test('writes nothing when another one counted on it and committed while it waited', async () => {
    await append(here, plain({ streamId: counted }))
    const counting = plain({ text: PARKED })
    const first = append(here, { ...counting, streams: [...counting.streams, ...unchanging(counted).streams] })
    await untilWaiting(keeper, 1)
    const second = append(there, unlessHeld(0))
    await untilWaiting(keeper, 2)
    await lift()
    expect([await placesOf(first), await placesOf(second)]).toEqual([[2], 'conflict'])
    expect(await headOf()).toEqual({ version: 1, held: 1 })
  })

  test('writes when nobody did since, and itself is counted on by nobody', async () => {
    await append(here, plain({ streamId: counted }))
    await append(here, unchanging(counted))
    expect(await placesOf(append(there, unlessHeld(0)))).toBe('conflict')
    expect(await placesOf(append(there, unlessHeld(1)))).toEqual([2])
    expect(await headOf()).toEqual({ version: 2, held: 1 })
  })
})
