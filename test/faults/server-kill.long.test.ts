import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, createClient } from '@git-connections/client'
import { type EventStore, openEventStore, openPool } from '@git-connections/events/store'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findPostmaster } from '../../server/database/postmaster.ts'
import { openDatabaseServer } from '../../server/database/server.ts'
import { createChance, newSeed } from './chance.ts'
import { type Load, startLoad } from './connection-load.ts'
import { startDurablePostgres } from './durable-postgres.ts'
import { registry } from './history.ts'
import { againstLog, againstViews, behindLog, brokenOrder, summaryOf } from './ledger.ts'
import { createServerProcess } from './server-process.ts'
import { signUp, startProviders } from './server-world.ts'

const CLIENTS = 10
/** At most so many, between one blow and the next. */
const MOST_ANSWERS = 60
const SETTLED_MS = 400_000
/** How many are repeated beside those whose first answer was lost. */
const REPEATED = 60
const REPEATED_AT_ONCE = 8

/** Where the server has its data, and what it must bear there. */
const ordeals = [
  { place: 'a PostgreSQL of its operator', own: false, firstStarts: 2, kills: 12, crashes: 4, jobs: 90 },
  { place: 'the database that it brings along', own: true, firstStarts: 3, kills: 5, crashes: 2, jobs: 45 },
]

describe.each(ordeals)('under load on $place, a server that is killed, and whose database crashes,', (ordeal) => {
  const closers: (() => PromiseLike<unknown>)[] = []
  let load: Load
  let client: Client
  let store: EventStore
  /** What went wrong although the database was well. */
  let complaints: readonly string[]

  beforeAll(async () => {
    const chance = createChance(newSeed())
    tell(`Server on ${ordeal.place}: SEED=${chance.seed}`)
    const base = await mkdtemp(join(tmpdir(), 'git-connections-kill-'))
    closers.push(() => rm(base, { recursive: true, force: true }))
    // PostgreSQL runs as another account where we are root, and must get through.
    await chmod(base, 0o711)
    const providers = await startProviders()
    closers.push(() => providers.close())
    const dataDir = join(base, 'data')
    const postgres = ordeal.own ? null : await startDurablePostgres()
    if (postgres) closers.push(() => postgres[Symbol.asyncDispose]())
    const server = await createServerProcess({
      ...{ ...providers.settings, DATA_DIR: dataDir, HOME: base, LOG_LEVEL: 'warn' },
      ...(postgres ? { DATABASE_URL: postgres.connectionString } : {}),
    })
    closers.push(() => server.stop())
    const killOnTheWay = async () => {
      server.begin()
      await pause(chance.between(100, 2_500))
      await server.kill()
    }

    for (let n = 0; n < ordeal.firstStarts; n++) await killOnTheWay()
    await server.start()
    const { organizationId, apiKey } = await signUp(await server.address())
    const connect = async () => createClient({ url: await server.address(), apiKey })
    load = await startLoad(CLIENTS, { connect, chance, organizationId, tokens: providers.tokens, jobs: ordeal.jobs })
    const progress = (most: number) => Promise.race([load.progress(chance.between(1, most)), server.lost])
    for (let kill = 1; kill <= ordeal.kills; kill++) {
      await progress(MOST_ANSWERS)
      await pause(chance.between(0, 20))
      await server.kill()
      if (kill % 4 === 0) await killOnTheWay()
      await server.start()
    }
    await progress(MOST_ANSWERS)
    const errors = server
      .output()
      .split('\n')
      .filter((line) => /"level":[56]0/.test(line))
    complaints = [...load.failures, ...errors]

    for (let crash = 1; crash <= ordeal.crashes; crash++) {
      if (postgres) {
        await postgres.crash(chance.pick(['immediate', 'killed']))
        await pause(chance.between(0, 500))
        await postgres.revive()
      } else {
        const running = await findPostmaster(join(dataDir, 'postgres', 'cluster'))
        if (!running) throw new Error('The server has no database.')
        process.kill(running.pid, 'SIGKILL')
      }
      await progress(MOST_ANSWERS)
    }
    await load.stop()
    client = await connect()

    const database = await openDatabaseServer({ databaseUrl: postgres?.connectionString, dataDir, role: 'command' })
    closers.push(() => database.stop())
    const pool = openPool(database.connectionString, { max: 4 })
    closers.push(() => pool.end())
    store = await openEventStore({ pool, registry, listen: false })
    tell(summaryOf(load.deeds.map(({ claim }) => claim)))
  }, 900_000)
  afterAll(async () => {
    for (const close of closers.reverse()) await close()
  })

  const states = () =>
    sql<{ id: string; state: string }>`
      select id, state from pgboss.job where name = 'validate-connection'`.execute(store.db)

  test('was in the middle of requests', () => {
    expect(load.deeds.filter(({ claim }) => claim.unanswered > 0).length).toBeGreaterThan(ordeal.kills)
  })

  test('settles what was Pending, by itself', async () => {
    const settled = async () => {
      const connections = await client.connections.list.query()
      expect(
        connections.filter(({ status }) => status !== 'active').map(({ id, message }) => ({ id, message })),
      ).toEqual([])
      const { rows } = await states()
      expect(rows.filter(({ state }) => state !== 'completed')).toEqual([])
    }
    const since = performance.now()
    await vi.waitFor(settled, { timeout: SETTLED_MS, interval: 250 })
    tell(`at rest after ${Math.round((performance.now() - since) / 1000)} s`)
  })

  test('lost no job and did none twice', async () => {
    const { rows } = await sql<{ eventId: string; checks: number }>`
      select e.event_id as "eventId", count(c.event_id) as checks
      from event e left join event c
        on c.organization_id = e.organization_id and c.causation_id = e.event_id
          and c.type in ('ConnectionValidated', 'ValidationDeferred')
      where e.type in ('ConnectionCreated', 'ConnectionEnabled')
      group by e.event_id`.execute(store.db)
    expect(rows.filter(({ checks }) => checks !== 1)).toEqual([])
    const jobs = new Set((await states()).rows.map(({ id }) => id))
    expect(rows.filter(({ eventId }) => !jobs.has(eventId))).toEqual([])
  })

  test('has each change that it acknowledged in the log once, and none that it refused', async () => {
    expect(load.refusals).toEqual([])
    expect(
      await againstLog(
        store.db,
        load.deeds.map(({ claim }) => claim),
      ),
    ).toEqual([])
  })

  test('has its log in order, without a gap', async () => {
    expect(await brokenOrder(store.db)).toEqual([])
  })

  test('has views that are what the log says', async () => {
    await vi.waitFor(async () => expect(await behindLog(store.db)).toEqual([]), { timeout: 30_000 })
    expect(await againstViews(store)).toEqual([])
  })

  test('gives the same outcome to a request that is repeated, and changes nothing', async () => {
    const heads = () => store.db.selectFrom('log_head').selectAll().orderBy('organization_id').execute()
    const before = await heads()
    const again = [...load.deeds.slice(0, REPEATED), ...load.deeds.filter(({ claim }) => claim.unanswered > 0)].filter(
      ({ claim }) => claim.answer === 'acknowledged',
    )
    const outcomes: string[] = []
    const repeat = async (): Promise<void> => {
      for (let deed = again.pop(); deed; deed = again.pop()) {
        const id = await deed.ask(client)
        if (id !== deed.claim.streamId) outcomes.push(`${deed.claim.events} of ${deed.claim.streamId}: now ${id}`)
      }
    }
    await Promise.all(Array.from({ length: REPEATED_AT_ONCE }, repeat))
    expect(outcomes).toEqual([])
    expect(await heads()).toEqual(before)
  })

  test('had nothing to complain of while its database was well', () => {
    expect(complaints).toEqual([])
  })
})

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
