import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type GrantWorld, startGrantWorld } from './grant-world.ts'

const INSTALLATION = 42
const HOUR_MS = 3_600_000

let world: GrantWorld
let app: number
let connectionId: string
beforeAll(async () => {
  world = await startGrantWorld()
  world.github.organization({ login: 'acme' })
  world.github.repository({ fullName: 'acme/erp', visibility: 'private', files: { 'README.md': 'erp' } })
  app = world.github.app({ owner: 'acme', slug: 'acme-deploys' }).id
  const { pem } = await world.github.appKey({ app })
  install()
  const credential = { kind: 'githubApp', appId: String(app), installationId: String(INSTALLATION), privateKey: pem }
  await world.call('connections.create', { provider: 'github', name: 'installed', credential })
  connectionId = (await world.list())[0]?.id ?? ''
  // Its first check makes a token of its own.
  await vi.waitFor(async () => expect(await world.get(connectionId)).toMatchObject({ status: 'active' }), 20_000)
})
afterAll(() => world.close())

const install = () => world.github.installation({ app, account: 'acme', id: INSTALLATION })
const minted = () => world.github.requests.filter(({ path }) => path.endsWith('/access_tokens')).length

/** Asks for the installation's repositories, as a listing does, and gives the statuses of what was tried. */
async function use(): Promise<number[]> {
  const { organization_id: organizationId } = await world.server.shell.db
    .selectFrom('connection_status')
    .select('organization_id')
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow()
  const by = {
    actor: { kind: 'job', id: 'list', name: 'Listing' } as const,
    ...{ organizationId, commandId: randomUUID(), correlationId: randomUUID(), causationId: null },
  }
  const tried: number[] = []
  await world.server.shell.credentials.useToken(
    { organizationId, connectionId, by, purpose: 'list', needMs: 60_000, refused: (status: number) => status === 401 },
    async ({ token }) => {
      const headers = { authorization: `Bearer ${token}`, 'user-agent': 'test' }
      const { status } = await fetch(`${world.github.apiUrl}/installation/repositories`, { headers })
      tried.push(status)
      return status
    },
  )
  return tried
}

describe("a token of an App's installation", () => {
  test('is made once for many uses, at once or one after the other', async () => {
    world.clock.pass(2 * HOUR_MS)
    const before = minted()
    await Promise.all(Array.from({ length: 10 }, use))
    expect(await use()).toEqual([200])
    expect(minted() - before).toBe(1)
  })

  test('is dropped when the provider refuses it, and made anew once for all who were refused', async () => {
    await use()
    world.github.uninstall({ id: INSTALLATION })
    install()
    const before = minted()
    const tried = await Promise.all(Array.from({ length: 10 }, use))
    // One that came late may have got the new one at once.
    expect(tried).toContainEqual([401, 200])
    expect(tried.map((statuses) => statuses.at(-1))).toEqual(tried.map(() => 200))
    expect(minted() - before).toBe(1)
    expect(await use()).toEqual([200])
    expect(minted() - before).toBe(1)
  })

  test('is not asked for again when the new one is refused too', async () => {
    await use()
    const fault = world.github.fault({ kind: 'status', status: 401, route: 'GET /installation/repositories' })
    const before = minted()
    expect(await use()).toEqual([401, 401])
    expect(minted() - before).toBe(1)
    fault.lift()
  })

  test('that was made for the very use is not made again: a fresh one may be refused for seconds', async () => {
    world.clock.pass(2 * HOUR_MS)
    const fault = world.github.fault({ kind: 'status', status: 401, route: 'GET /installation/repositories' })
    const before = minted()
    expect(await use()).toEqual([401])
    expect(minted() - before).toBe(1)
    fault.lift()
  })

  test('of an installation that is suspended is asked for once more, and the refusal is told', async () => {
    await use()
    world.github.changeInstallation({ id: INSTALLATION, suspended: true })
    const fault = world.github.fault({ kind: 'status', status: 401, route: 'GET /installation/repositories' })
    const before = minted()
    await expect(use()).rejects.toMatchObject({ code: 'CredentialRefused' })
    expect(minted() - before).toBe(1)
    fault.lift()
    world.github.changeInstallation({ id: INSTALLATION, suspended: false })
    expect(await use()).toEqual([200])
  })
})
