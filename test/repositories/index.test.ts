import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type GrantWorld, startGrantWorld } from '../grants/grant-world.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const soon = { timeout: 40_000, interval: 100 }
vi.setConfig({ testTimeout: 60_000 })
const list = z.object({
  repositories: z.array(
    z.object({ id: z.string(), connectionId: z.string(), fullName: z.string(), archived: z.boolean() }),
  ),
  nextCursor: z.string().nullable(),
  total: z.number(),
  asOf: z.string().nullable(),
  incomplete: z.string().nullable(),
  trouble: z.string().nullable(),
  reading: z.object({ pages: z.number() }).nullable(),
})

let world: GrantWorld
let lifted: { lift: () => void }[] = []
beforeAll(async () => {
  world = await startGrantWorld()
})
afterAll(() => world.close())
afterEach(() => {
  for (const fault of lifted) fault.lift()
  lifted = []
})

const look = async (input: object) => list.parse(await world.call('repositories.list', input))
const namesOf = ({ repositories }: z.infer<typeof list>) => repositories.map(({ fullName }) => fullName)
const pagesAsked = (provider: 'github' | 'gitlab') =>
  world[provider].requests.filter(({ path }) => /\/(user\/repos|projects|installation\/repositories)$/.test(path))
    .length

/** Everything that the index holds of a connection, page by page. */
async function all(connectionId: string): Promise<string[]> {
  const names: string[] = []
  for (let cursor: string | null = null; ; ) {
    const page: z.infer<typeof list> = await look({ connectionId, cursor, limit: 60 })
    names.push(...namesOf(page))
    if (page.nextCursor === null) return names
    cursor = page.nextCursor
  }
}

/** Waits until the list was read to its end at this time of the clock or later. */
async function read(connectionId: string, since = world.clock.now()): Promise<void> {
  await vi.waitFor(async () => {
    const { asOf, reading } = await look({ connectionId, limit: 1 })
    expect(reading).toBeNull()
    expect(Date.parse(asOf ?? '')).toBeGreaterThanOrEqual(since.getTime())
  }, soon)
}

/** Reads the list again. */
async function again(connectionId: string): Promise<void> {
  world.clock.pass(5 * MINUTE_MS)
  await world.call('repositories.refresh', { connectionId })
  await read(connectionId)
}

/** Reads the list again, with something happening after its first page was read. */
async function readWhile(connectionId: string, provider: 'github' | 'gitlab', happens: () => unknown): Promise<void> {
  const route = provider === 'github' ? 'GET /user/repos' : 'GET /projects'
  const second = world[provider].fault({ kind: 'hang', route, skip: 1, times: 1 })
  lifted.push(second)
  world.clock.pass(5 * MINUTE_MS)
  await world.call('repositories.refresh', { connectionId })
  await vi.waitFor(() => expect(second.hits).toBe(1), soon)
  await happens()
  second.lift()
  await read(connectionId)
}

async function link(provider: 'github' | 'gitlab', name: string, token: string): Promise<string> {
  await world.call('connections.create', { provider, name, credential: { kind: 'token', token } })
  const id = (await world.list()).find((connection) => connection.name === name)?.id
  if (id === undefined) throw new Error('nothing was made')
  await read(id)
  return id
}

/** A person at GitHub who owns so many repositories, the last the most recently active. */
async function owner(login: string, count: number): Promise<string> {
  world.github.user({ login })
  for (let n = 0; n < count; n++) {
    const pushedAt = new Date(Date.UTC(2026, 0, 1) + n * MINUTE_MS)
    await world.github.repository({ fullName: `${login}/r${n}`, visibility: 'private', pushedAt, files: {} })
  }
  const token = await world.github.token({ kind: 'classic', user: login, scopes: ['repo', 'read:org'] })
  return link('github', login, String(token))
}
const numbered = (login: string, count: number) => Array.from({ length: count }, (_, n) => `${login}/r${n}`)

describe('the repositories of a connection', () => {
  test('are listed once it works, the most recently active first, those that never were last', async () => {
    const id = await owner('few', 3)
    await world.github.repository({ fullName: 'few/never', visibility: 'private', pushedAt: null, files: {} })
    await again(id)
    const seen = await look({ connectionId: id })
    expect(namesOf(seen)).toEqual(['few/r2', 'few/r1', 'few/r0', 'few/never'])
    expect(seen).toMatchObject({ total: 4, incomplete: null, trouble: null, reading: null, nextCursor: null })
  })

  test('come page by page, each once, with as many calls as there are pages when read again', async () => {
    const id = await owner('many', 250)
    expect(await all(id)).toEqual(numbered('many', 250).reverse())
    const before = pagesAsked('github')
    const left = world.github.requests.length
    await again(id)
    expect(pagesAsked('github') - before).toBe(3)
    expect(world.github.requests.slice(left).every(({ status }) => status === 304)).toBe(true)
    expect(await all(id)).toHaveLength(250)
  })

  test('are found by words inside the full name, whatever their case, and by nothing else', async () => {
    const id = await owner('finder', 12)
    await world.github.repository({ fullName: 'finder/Odoo_Addons', visibility: 'private', files: {} })
    await again(id)
    const found = async (search: string) => namesOf(await look({ connectionId: id, search })).toSorted()
    expect(await found('odoo')).toEqual(['finder/Odoo_Addons'])
    expect(await found('ADD find')).toEqual(['finder/Odoo_Addons'])
    expect(await found('o_a')).toEqual(['finder/Odoo_Addons'])
    expect(await found('r1')).toEqual(['finder/r1', 'finder/r10', 'finder/r11'])
    expect(await found('%')).toEqual([])
  })

  test('follow a rename, and lose what is gone', async () => {
    const id = await owner('changing', 3)
    const [before] = (await look({ connectionId: id, search: 'r1' })).repositories
    await world.github.renameRepository({ from: 'changing/r1', to: 'changing/renamed' })
    await world.github.removeRepository({ fullName: 'changing/r0' })
    await again(id)
    expect((await all(id)).toSorted()).toEqual(['changing/r2', 'changing/renamed'])
    expect((await look({ connectionId: id, search: 'renamed' })).repositories[0]?.id).toBe(before?.id)
  })

  test('are not lost where pages shift while they are read', async () => {
    const id = await owner('shifting', 250)
    // The first page is read; what leaves it makes the second begin one later, and one on the third comes first.
    await readWhile(id, 'github', () => world.github.removeRepository({ fullName: 'shifting/r249' }))
    expect(await all(id)).toEqual(expect.arrayContaining(numbered('shifting', 249)))
    await again(id)
    expect((await all(id)).toSorted()).toEqual(numbered('shifting', 249).toSorted())
  })

  test('stay as they were known when the provider fails, which is said', async () => {
    const id = await owner('outage', 120)
    const broken = world.github.fault({ kind: 'html', route: 'GET /user/repos', skip: 1 })
    lifted.push(broken)
    await world.github.repository({ fullName: 'outage/new', visibility: 'private', files: {} })
    world.clock.pass(5 * MINUTE_MS)
    await world.call('repositories.refresh', { connectionId: id })
    await vi.waitFor(async () => {
      expect((await look({ connectionId: id, limit: 1 })).trouble).toMatch(/could not be read/)
    }, soon)
    expect((await all(id)).length).toBe(121)
    broken.lift()
    // After a failure it is not asked for again at once.
    await world.server.shell.db.updateTable('repository_index').set({ asked_at: null }).execute()
    await again(id)
    expect((await look({ connectionId: id })).trouble).toBeNull()
    expect(await all(id)).toHaveLength(121)
  })

  test('are not asked for again and again where the provider refuses them', async () => {
    const id = await owner('refused', 2)
    const refusal = { message: 'Resource not accessible by personal access token' }
    lifted.push(world.github.fault({ kind: 'status', status: 403, body: refusal, route: 'GET /user/repos' }))
    // The queue goes by real time; what is put for a minute of this clock from now on lies far ahead there.
    world.clock.pass(3 * DAY_MS)
    await world.call('repositories.refresh', { connectionId: id })
    await vi.waitFor(async () => {
      expect((await look({ connectionId: id, limit: 1 })).trouble).toMatch(/^GitHub refused: Resource not accessible/)
    }, soon)
    await vi.waitFor(async () => {
      const { rows } = await sql`
        select state from pgboss.job where name = 'list-repositories' and state in ('created', 'active', 'retry')
          and data ->> 'connectionId' = ${id}`.execute(world.server.shell.db)
      expect(rows).toEqual([])
    }, soon)
  })

  test('hold the token of a grant for one page at a time', async () => {
    const { id } = await world.link({ provider: 'gitlab', name: 'held' })
    await read(id)
    const page = world.gitlab.fault({ kind: 'hang', route: 'GET /projects', times: 1 })
    lifted.push(page)
    world.clock.pass(5 * MINUTE_MS)
    await world.call('repositories.refresh', { connectionId: id })
    await vi.waitFor(() => expect(page.hits).toBe(1), soon)
    const held = await sql<{ seconds: number }>`
      select extract(epoch from until - clock_timestamp())::float8 as seconds from credential_hold
      where connection_id = ${id}`.execute(world.server.shell.db)
    expect(held.rows).toHaveLength(1)
    expect(held.rows[0]?.seconds).toBeLessThanOrEqual(60)
    page.lift()
    await read(id)
  })

  test('are made anew where the index was lost', async () => {
    const id = await owner('lost', 130)
    await world.server.shell.db.deleteFrom('repository').where('connection_id', '=', id).execute()
    await again(id)
    expect(await all(id)).toHaveLength(130)
  })

  test('are forgotten when it is deleted for good, and are no more to be seen before', async () => {
    const id = await owner('leaving', 2)
    await world.call('connections.delete', { connectionId: id, now: true })
    await expect(look({ connectionId: id })).rejects.toThrow('no such connection')
    const rows = world.server.shell.db.selectFrom('repository').select('repository_id').where('connection_id', '=', id)
    expect(await rows.execute()).toEqual([])
  })
})

describe('the projects of a connection to GitLab', () => {
  async function member(username: string, count: number): Promise<string> {
    world.gitlab.user({ username })
    for (let n = 0; n < count; n++) {
      await world.gitlab.project({ path: `${username}/p${n}`, visibility: 'private', files: {} })
    }
    const token = await world.gitlab.token({
      ...{ kind: 'personal', user: username, scopes: ['api', 'read_repository'], expiresAt: '2030-01-01' },
    })
    return link('gitlab', username, String(token))
  }

  test('are read in the order of their ids, with no more calls than pages', async () => {
    const before = pagesAsked('gitlab')
    const id = await member('lots', 230)
    // One call is the check's own.
    expect(pagesAsked('gitlab') - before).toBe(4)
    expect((await all(id)).toSorted()).toEqual(Array.from({ length: 230 }, (_, n) => `lots/p${n}`).toSorted())
  })

  test('lose none where one is deleted while they are read', async () => {
    const id = await member('moving', 230)
    await readWhile(id, 'gitlab', () => world.gitlab.removeProject({ path: 'moving/p229' }))
    await again(id)
    expect(await all(id)).toHaveLength(229)
  })

  test('turn the connection Revoked where the list finds its token refused', async () => {
    const id = await member('cut', 2)
    const token = world.gitlab.requests.at(-1)?.credential?.secret
    if (token === undefined) throw new Error('no token was shown')
    await world.gitlab.revoke({ token })
    world.clock.pass(5 * MINUTE_MS)
    await world.call('repositories.refresh', { connectionId: id })
    await vi.waitFor(async () => expect(await world.get(id)).toMatchObject({ status: 'revoked' }), soon)
    expect(await all(id)).toHaveLength(2)
  })
})
