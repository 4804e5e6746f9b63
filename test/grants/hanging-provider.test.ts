import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type GrantWorld, startGrantWorld } from './grant-world.ts'

/** Of the server's connections to its database. */
const CONNECTIONS = 2
const EACH = 4

let world: GrantWorld
let database: pg.Client
let links: string[]
beforeAll(async () => {
  world = await startGrantWorld({
    settings: { DATABASE_CONNECTIONS: String(CONNECTIONS) },
    async line(databaseUrl) {
      database = new pg.Client({ connectionString: databaseUrl })
      return databaseUrl
    },
  })
  await database.connect()
  const names = Array.from({ length: 2 * EACH }, (_, n) => `link ${n}`)
  // Mallory has no project: git need not try one.
  links = await Promise.all(
    names.map(async (name) => (await world.link({ provider: 'gitlab', name }, { user: 'mallory' })).id),
  )
})
afterAll(async () => {
  await database.end()
  await world.close()
})

/** What the server's connections are at, apart from those that rest. */
async function atWork(): Promise<unknown[]> {
  const { rows } = await database.query(
    `select state, query from pg_stat_activity
     where datname = current_database() and application_name = 'git-connections' and state <> 'idle'`,
  )
  return rows
}

describe('a provider that does not answer', () => {
  test('holds no connection to the database, however many wait for it', async () => {
    const hanging = world.gitlab.fault({ kind: 'hang' })
    let answered = 0
    const waiting = links.map(async (connectionId, n) => {
      await world.call(n < EACH ? 'connections.refresh' : 'connections.validate', { connectionId })
      answered++
    })
    await vi.waitFor(() => expect(hanging.hits).toBeGreaterThanOrEqual(2 * EACH), 15_000)

    await vi.waitFor(async () => expect(await atWork()).toEqual([]), 15_000)
    for (const [n, connectionId] of links.entries()) {
      await world.call('connections.rename', { connectionId, name: `renamed ${n}` })
    }
    expect((await world.list()).map(({ name }) => name).sort()).toEqual(links.map((_, n) => `renamed ${n}`))
    expect(answered).toBe(0)

    hanging.lift()
    await Promise.all(waiting)
    expect(answered).toBe(2 * EACH)
    expect((await world.list()).map(({ status }) => status)).toEqual(links.map(() => 'active'))
  })
})
