import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { untilWaiting } from '../faults/lock-waits.ts'
import { type Replicas, startReplicas } from './replicas.ts'

/** The one that is killed, and one that goes on. */
const [SURVIVOR, VICTIM] = [0, 1]
/** By then at the latest a refresh that was cut off is settled, with nobody asking. */
const SETTLED_MS = 120_000
const TOKEN_ROUTE = 'POST /oauth/token'

/** Stops a server at one step of a refresh: PostgreSQL or GitLab does not answer what it asks there. */
type Stop = (
  world: Replicas,
  database: pg.Client,
) => Promise<{
  /** Resolves once the server is there. */
  readonly reached: () => Promise<unknown>
  readonly letGo: () => Promise<unknown>
}>

/** What a server asks of a table waits; `dropped` is what becomes of that statement when its server is dead. */
const atTable =
  (lock: string, dropped: 'undone' | 'done' = 'done'): Stop =>
  async (_world, database) => {
    const { rows } = await database.query<{ own: number }>('select pg_backend_pid() as own')
    const own = rows[0]?.own ?? 0
    await database.query(`begin; lock table ${lock} mode`)
    let waiting: number[] = []
    return {
      reached: () =>
        vi.waitFor(async () => {
          // Others wait for each other now and then.
          waiting = (await untilWaiting(database, 1))
            .filter(({ waitsFor }) => waitsFor.includes(own))
            .map(({ pid }) => pid)
          expect(waiting).toHaveLength(1)
        }, 9_000),
      letGo: async () => {
        // A session finds out late that its server is gone, and would carry out what it was told.
        for (const pid of dropped === 'undone' ? waiting : [])
          await database.query('select pg_terminate_backend($1)', [pid])
        await database.query('rollback')
      },
    }
  }

const atGitLab =
  (kind: 'hang' | 'withheld-answer'): Stop =>
  async ({ gitlab }) => {
    const fault = gitlab.fault({ kind, route: TOKEN_ROUTE, area: 'web', times: 1 })
    const before = gitlab.requests.length
    const heard = () => expect(gitlab.requests.slice(before).map(({ fault }) => fault)).toContain(kind)
    return { reached: () => vi.waitFor(heard, 9_000), letGo: async () => fault.lift() }
  }

const begun = ['TokenRefreshStarted']
const cutOff = [...begun, 'TokenRefreshFailed']
const healthy = { status: 'active', advice: { action: 'none' }, refreshing: false }
const lost = { status: 'revoked', reason: 'refreshLost', advice: { action: 'reconnect' }, refreshing: false }

/** The steps of a refresh in order, what the log knows at that moment, and what comes of it. */
const steps = [
  {
    name: 'the lease is taken',
    stop: atTable('credential_hold in access exclusive'),
    known: [],
    settled: [],
    card: healthy,
  },
  {
    ...{ name: 'it stands in the log that it begins', stop: atTable('credential_use in share'), known: begun },
    ...{ settled: [...cutOff, 'TokenRefreshFailed'], card: healthy },
  },
  {
    ...{ name: 'GitLab has the call and has not acted', stop: atGitLab('hang'), known: begun },
    ...{ settled: [...cutOff, 'TokenRefreshFailed'], card: healthy },
  },
  {
    ...{ name: 'GitLab has acted and not answered', stop: atGitLab('withheld-answer'), known: begun },
    ...{ settled: [...cutOff, ...cutOff], card: lost },
  },
  {
    ...{ name: 'GitLab has answered', stop: atTable('credential in share', 'undone'), known: begun },
    ...{ settled: [...cutOff, ...cutOff], card: lost },
  },
  {
    ...{ name: 'the new pair is being stored, and is', stop: atTable('credential in share', 'done'), known: begun },
    ...{ settled: [...begun, 'TokenRefreshed'], card: { ...healthy, credentialVersion: 2 } },
  },
  {
    ...{ name: 'the lease is given back', stop: atTable('credential_hold in exclusive') },
    ...{ known: [...begun, 'TokenRefreshed'], settled: [...begun, 'TokenRefreshed'] },
    card: { ...healthy, credentialVersion: 2 },
  },
]

describe('a server that is killed during a refresh, at the moment when', () => {
  let world: Replicas
  let database: pg.Client
  /** What was true when each server was killed, and when that was. */
  const killed = new Map<string, { connectionId: string; known: string[]; leased: boolean; at: number }>()

  const typesOf = async (connectionId: string) => {
    const { rows } = await database.query<{ type: string }>(
      `select type from event where stream_id = $1 and type like 'TokenRefresh%' order by version`,
      [connectionId],
    )
    return rows.map(({ type }) => type)
  }
  /** A new connection is listed by a job, which would come to a stop at the same places. */
  const hasListed = async (connectionId: string) => {
    const { rowCount } = await database.query(
      `select 1 from pgboss.job
       where name = 'list-repositories' and state = 'completed' and data ->> 'connectionId' = $1`,
      [connectionId],
    )
    return rowCount !== 0
  }
  const get = (connectionId: string) => world.client(SURVIVOR).connections.get.query({ connectionId })

  beforeAll(async () => {
    world = await startReplicas(2, 'server/main.ts')
    database = new pg.Client({ connectionString: world.connectionString })
    await database.connect()
    // Each at its step, one after the other; what comes of them is waited for together.
    for (const { name, stop } of steps) {
      const connectionId = await world.link(name)
      await vi.waitFor(async () => expect(await hasListed(connectionId)).toBe(true), 60_000)
      const { reached, letGo } = await stop(world, database)
      const asked = world.client(VICTIM).connections.refresh.mutate({ connectionId })
      const answered = asked.then(
        () => true,
        () => false,
      )
      await reached()
      const known = await typesOf(connectionId)
      const lease = await database.query('select 1 from refresh_lease where connection_id = $1', [connectionId])
      await world.servers[VICTIM]?.kill()
      const at = Date.now()
      await letGo()
      if (await answered) throw new Error(`The server was not stopped when ${name}.`)
      killed.set(name, { connectionId, known, leased: lease.rowCount === 1, at })
      await world.servers[VICTIM]?.start()
    }
  }, 300_000)
  afterAll(async () => {
    await database.end()
    await world.close()
  })

  test.each(steps)(
    '$name, leaves nothing open that another one does not settle',
    async ({ name, known, settled, card }) => {
      const then = killed.get(name)
      if (!then) throw new Error(`Nobody was killed when ${name}.`)
      expect(then.known).toEqual(known)
      expect(then.leased).toBe(name !== 'the lease is given back')
      await vi.waitFor(async () => expect(await typesOf(then.connectionId)).toEqual(settled), {
        ...{ timeout: Math.max(then.at + SETTLED_MS - Date.now(), 1), interval: 200 },
      })
      process.stdout.write(
        `${name}: settled ${Math.round((Date.now() - then.at) / 1000)} s after the kill at the latest\n`,
      )
      expect(await get(then.connectionId)).toMatchObject(card)
    },
  )

  test.each(steps)('$name, loses no pair in silence: what is shown to work does', async ({ name, card }) => {
    const { connectionId = '' } = killed.get(name) ?? {}
    if (card.status !== 'active') return
    const before = (await get(connectionId)).credentialVersion
    const seen = await world.client(SURVIVOR).connections.refresh.mutate({ connectionId })
    expect(seen).toMatchObject({ status: 'active', credentialVersion: before + 1, deferred: null })
  })

  test('shows no refresh token more than twice', () => {
    const shown = Map.groupBy(world.refreshes(), ({ body }) => body?.refresh_token)
    for (const calls of shown.values()) {
      expect(calls.length).toBeLessThanOrEqual(2)
      expect(calls.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    }
  })
})
