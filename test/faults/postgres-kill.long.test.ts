import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type EventStore, follow, openEventStore, openPool } from '@git-connections/events/store'
import { type ProjectionRunner, startProjections } from '@git-connections/projections'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { migrate } from '../../server/database/migrate.ts'
import { createChance, newSeed } from './chance.ts'
import { type Crash, type DurablePostgres, startDurablePostgres } from './durable-postgres.ts'
import { registry } from './history.ts'
import { againstLog, againstViews, behindLog, brokenOrder, summaryOf } from './ledger.ts'
import { type StoreLoad, startStoreLoad } from './store-load.ts'

const WRITERS = 12
const CRASHES: readonly Crash[] = [
  'immediate',
  'killed',
  'killed',
  'immediate',
  'immediate',
  'killed',
  'killed',
  'immediate',
]
const APPLICATION = 'crash test'
const organizations = [randomUUID(), randomUUID(), randomUUID()]

/** A process as far as the database can tell: a store, what it keeps up, and what it has seen of each log. */
interface Replica {
  readonly store: EventStore
  readonly runner: ProjectionRunner
  readonly seen: ReadonlyMap<string, number[]>
  readonly close: () => Promise<void>
}

let postgres: DurablePostgres
let replicas: Replica[]
let load: StoreLoad

async function startReplica(connectionString: string): Promise<Replica> {
  const pool = openPool(connectionString, { max: 6, applicationName: APPLICATION })
  const store = await openEventStore({ pool, registry })
  const runner = startProjections(store, { log: { error: () => {} } })
  const seen = new Map(organizations.map((id): [string, number[]] => [id, []]))
  const ending = new AbortController()
  const following = [...seen].map(([organizationId, positions]) =>
    followOn(store, { organizationId, positions, signal: ending.signal }),
  )
  return {
    ...{ store, runner, seen },
    async close() {
      ending.abort()
      await Promise.all(following)
      await runner.stop()
      await store.close()
      await pool.end()
    },
  }
}

/** Follows a log as a browser does: cut off, it comes again and goes on from the last position that it saw. */
async function followOn(store: EventStore, on: { organizationId: string; positions: number[]; signal: AbortSignal }) {
  const { organizationId, positions, signal } = on
  while (!signal.aborted) {
    try {
      for await (const entry of follow(store, { organizationId, after: positions.at(-1) ?? 0, signal })) {
        positions.push(entry.ok ? entry.event.position : -entry.position)
      }
    } catch {
      await pause(20)
    }
  }
}

beforeAll(async () => {
  const chance = createChance(newSeed())
  process.stdout.write(`crashes of PostgreSQL under load: SEED=${chance.seed}\n`)
  postgres = await startDurablePostgres()
  const { connectionString } = postgres
  await migrate(connectionString)
  replicas = [await startReplica(connectionString), await startReplica(connectionString)]
  load = startStoreLoad(WRITERS, { stores: replicas.map(({ store }) => store), organizations, chance })
  for (const crash of CRASHES) {
    await load.progress(chance.between(1, 1_500))
    await pause(chance.between(0, 10))
    await postgres.crash(crash)
    await pause(chance.between(0, 500))
    await postgres.revive()
  }
  // That there are answers again is what shows that the stores found back to their database.
  await load.progress(1_000)
  await load.stop()
  process.stdout.write(`${summaryOf(load.claims)}, ${load.foundDone()} of them done before\n`)
}, 900_000)
afterAll(async () => {
  for (const replica of replicas) await replica.close()
  await postgres[Symbol.asyncDispose]()
})

describe('a store whose PostgreSQL crashes again and again under load', () => {
  test('kept writing to it with every protection on', async () => {
    const client = new pg.Client({ connectionString: postgres.connectionString })
    await client.connect()
    const { rows } = await client.query(`
      select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
        current_setting('full_page_writes') as pages`)
    await client.end()
    expect(rows).toEqual([{ fsync: 'on', commit: 'on', pages: 'on' }])
  })

  test('has each append that it acknowledged once, and settles the ambiguous ones by their command ids', async () => {
    expect(load.refusals).toEqual([])
    expect(load.claims.filter(({ unanswered }) => unanswered > 0).length).toBeGreaterThan(CRASHES.length)
    for (const { store } of replicas) expect(await againstLog(store.db, load.claims)).toEqual([])
  })

  test('has its log in order, without a gap', async () => {
    for (const { store } of replicas) expect(await brokenOrder(store.db)).toEqual([])
  })

  test('shows each follower every place once, in order', async () => {
    for (const { store, seen } of replicas) {
      const heads = await store.db.selectFrom('log_head').selectAll().execute()
      expect(heads.map(({ organization_id }) => organization_id).sort()).toEqual([...organizations].sort())
      for (const { organization_id, position } of heads) {
        const positions = seen.get(organization_id) ?? []
        await vi.waitFor(() => expect(positions.length).toBeGreaterThanOrEqual(position), { timeout: 30_000 })
        expect(positions).toEqual(Array.from({ length: position }, (_, index) => index + 1))
      }
    }
  })

  test('has views that are what the log says', async () => {
    const [{ store } = { store: null }] = replicas
    if (!store) throw new Error('There is no replica.')
    await vi.waitFor(async () => expect(await behindLog(store.db)).toEqual([]), { timeout: 30_000 })
    expect(await againstViews(store)).toEqual([])
  })

  test('listens by one connection, and leaves none behind when it is closed', async () => {
    const client = new pg.Client({ connectionString: postgres.connectionString })
    await client.connect()
    const sessions = async (like: string) => {
      const { rows } = await client.query<{ pid: number }>(
        'select pid from pg_stat_activity where application_name = $1 and query ilike $2',
        [APPLICATION, like],
      )
      return rows.length
    }
    await vi.waitFor(async () => expect(await sessions('listen %')).toBe(replicas.length), { timeout: 10_000 })
    for (const replica of replicas.splice(0)) await replica.close()
    await vi.waitFor(async () => expect(await sessions('%')).toBe(0), { timeout: 10_000 })
    await client.end()
  })
})
