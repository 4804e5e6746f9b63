import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Cause } from '../../server/commands/cause.ts'
import { type GrantWorld, startGrantWorld } from './grant-world.ts'

const HOUR_MS = 3_600_000
const providers = ['github', 'gitlab'] as const
type Provider = (typeof providers)[number]
const TOKEN_ROUTE: Record<Provider, string> = {
  github: 'POST /login/oauth/access_token',
  gitlab: 'POST /oauth/token',
}

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

/** Calls of the token endpoint that asked for a refresh. */
const refreshes = (provider: Provider) =>
  world[provider].requests.filter(({ body }) => body?.grant_type === 'refresh_token')
const spoil = (
  provider: Provider,
  fault: { kind: 'lost-answer' | 'html' | 'reset' | 'rate-limit-secondary'; times?: number },
) => {
  const set = world[provider].fault({ ...fault, route: TOKEN_ROUTE[provider], area: 'web' })
  lifted.push(set)
  return set
}
const spoilAll = (provider: Provider) => lifted.push(world[provider].fault({ kind: 'html', status: 502 }))
const typesOf = async (connectionId: string) => (await world.eventsOf(connectionId)).map(({ type }) => type)
const validate = (connectionId: string) => world.call('connections.validate', { connectionId })
const job: () => Cause = () => ({
  actor: { kind: 'job', id: 'list', name: 'Listing' },
  ...{ organizationId: '', commandId: randomUUID(), correlationId: randomUUID(), causationId: null },
})

/** Uses the connection's credential as a listing would, and gives the token it got. */
async function use(connectionId: string, work: (token: string) => Promise<string> = async (token) => token) {
  const { organization_id: organizationId } = await world.server.shell.db
    .selectFrom('connection_status')
    .select('organization_id')
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow()
  const request = {
    organizationId,
    connectionId,
    by: { ...job(), organizationId },
    purpose: 'list',
    needMs: 60_000,
  } as const
  return world.server.shell.credentials.useToken(request, ({ token }) => work(token))
}

describe.each(providers)('a grant of %s that ends', (provider) => {
  test('is refreshed before it is used, once for all who ask at once', async () => {
    const { id } = await world.link({ provider, name: 'busy' })
    world.clock.pass(9 * HOUR_MS)
    const before = refreshes(provider).length
    const tokens = await Promise.all(Array.from({ length: 20 }, () => use(id)))
    expect(refreshes(provider)).toHaveLength(before + 1)
    expect(new Set(tokens).size).toBe(1)
    expect((await typesOf(id)).slice(-2)).toEqual(['TokenRefreshStarted', 'TokenRefreshed'])
    expect(await world.get(id)).toMatchObject({ status: 'active', credentialVersion: 2 })
  })

  test('leaves one sealed pair in the vault, the new one', async () => {
    const { id } = await world.link({ provider, name: 'sealed' })
    await world.call('connections.refresh', { connectionId: id })
    const rows = await world.server.shell.db
      .selectFrom('credential')
      .select(['field', 'version'])
      .where('connection_id', '=', id)
      .orderBy('field')
      .execute()
    expect(rows).toEqual([
      { field: 'accessToken', version: 2 },
      { field: 'refreshToken', version: 2 },
    ])
  })

  test('is refreshed by hand, with the result on the card', async () => {
    const { id } = await world.link({ provider, name: 'by hand' })
    const before = refreshes(provider).length
    expect(await world.call('connections.refresh', { connectionId: id })).toMatchObject({ status: 'active' })
    expect(refreshes(provider)).toHaveLength(before + 1)
    expect(await world.get(id)).toMatchObject({ credentialVersion: 2 })
  })

  test('is not refreshed while a use of its token runs', async () => {
    const { id } = await world.link({ provider, name: 'in use' })
    const order: string[] = []
    let finish = () => {}
    const finished = new Promise<void>((done) => {
      finish = done
    })
    let began = () => {}
    const begun = new Promise<void>((done) => {
      began = done
    })
    const listing = use(id, async (token) => {
      began()
      await finished
      order.push('listing ended')
      return token
    })
    await begun
    const refreshing = world.call('connections.refresh', { connectionId: id }).then(() => order.push('refreshed'))
    await world.get(id)
    finish()
    await Promise.all([listing, refreshing])
    expect(order).toEqual(['listing ended', 'refreshed'])
  })

  test('turns Revoked when the refresh token is refused, and says to reconnect', async () => {
    const linked = await world.link({ provider, name: 'withdrawn' })
    const user = linked.account?.login ?? ''
    if (provider === 'github') world.github.withdraw({ clientId: world.hub.clientId, user })
    else world.gitlab.withdraw({ uid: world.lab.uid, user })
    world.clock.pass(9 * HOUR_MS)
    await expect(use(linked.id)).rejects.toMatchObject({ code: 'RefreshFailed' })
    expect(await world.get(linked.id)).toMatchObject({ status: 'revoked', advice: { action: 'reconnect' } })
  })

  test('is not asked for again once it was refused', async () => {
    const linked = await world.link({ provider, name: 'refused' })
    const user = linked.account?.login ?? ''
    if (provider === 'github') world.github.withdraw({ clientId: world.hub.clientId, user })
    else world.gitlab.withdraw({ uid: world.lab.uid, user })
    world.clock.pass(9 * HOUR_MS)
    await expect(use(linked.id)).rejects.toThrow()
    const before = refreshes(provider).length
    await expect(use(linked.id)).rejects.toMatchObject({ code: 'RefreshFailed' })
    expect(refreshes(provider)).toHaveLength(before)
  })
})

describe.each(providers)('a refresh at %s whose answer is lost', (provider) => {
  test('is told as lost, after one more try, and never silently', async () => {
    const { id } = await world.link({ provider, name: 'lost' })
    world.clock.pass(9 * HOUR_MS)
    spoil(provider, { kind: 'lost-answer', times: 1 })
    const before = refreshes(provider).length
    await expect(use(id)).rejects.toMatchObject({ code: 'RefreshFailed' })
    expect(refreshes(provider).length - before).toBe(2)
    expect(await world.get(id)).toMatchObject({
      ...{ status: 'revoked', reason: 'refreshLost', advice: { action: 'reconnect' } },
    })
    expect((await typesOf(id)).slice(-4)).toEqual([
      ...['TokenRefreshStarted', 'TokenRefreshFailed', 'TokenRefreshStarted', 'TokenRefreshFailed'],
    ])
  })

  test('although nothing was done is found out by the old token, and tried again later', async () => {
    const { id } = await world.link({ provider, name: 'undone' })
    // For as long as it takes: a job may refresh another one's at the same moment.
    const fault = spoil(provider, { kind: 'html' })
    await expect(world.call('connections.refresh', { connectionId: id })).rejects.toMatchObject({
      code: 'RefreshFailed',
    })
    fault.lift()
    expect(await world.get(id)).toMatchObject({ status: 'active', deferred: { reason: 'refreshNotDone' } })
    expect(await world.call('connections.refresh', { connectionId: id })).toMatchObject({
      status: 'active',
      deferred: null,
    })
  })

  test('keeps the status during an outage, and heals after it', async () => {
    const { id } = await world.link({ provider, name: 'outage' })
    world.clock.pass(9 * HOUR_MS)
    spoilAll(provider)
    for (let time = 0; time < 3; time++) {
      await validate(id)
      expect(await world.get(id)).toMatchObject({ status: 'active' })
      world.clock.pass(10 * 60_000)
    }
    expect((await world.get(id)).deferred).not.toBeNull()
    for (const fault of lifted) fault.lift()
    await validate(id)
    expect(await world.get(id)).toMatchObject({ status: 'active', deferred: null, credentialVersion: 2 })
  })

  test('by a rate limit is tried again when the provider allows, without a change of status', async () => {
    const { id } = await world.link({ provider, name: 'limited' })
    world.clock.pass(9 * HOUR_MS)
    spoil(provider, { kind: 'rate-limit-secondary', times: 1 })
    await expect(use(id)).rejects.toMatchObject({ code: 'RefreshFailed' })
    expect(await world.get(id)).toMatchObject({ status: 'active', deferred: { reason: 'refreshNotDone' } })
    const before = refreshes(provider).length
    await expect(use(id)).rejects.toMatchObject({ code: 'RefreshFailed' })
    expect(refreshes(provider)).toHaveLength(before)
    world.clock.pass(2 * HOUR_MS)
    await use(id)
    expect(await world.get(id)).toMatchObject({ status: 'active', deferred: null })
  })
})

describe.each(providers)('deleting a connection of %s now', (provider) => {
  test('ends its tokens at the provider, and says so', async () => {
    const { id } = await world.link({ provider, name: 'gone' })
    const token = await use(id)
    await world.call('connections.delete', { connectionId: id, now: true })
    const events = await world.eventsOf(id)
    expect(events.at(-1)).toMatchObject({ type: 'CredentialDestroyed', data: { revocation: { is: 'revoked' } } })
    const path = provider === 'github' ? `${world.github.apiUrl}/user` : `${world.gitlab.url}/api/v4/user`
    const answer = await fetch(path, { headers: { authorization: `Bearer ${token}`, 'user-agent': 'test' } })
    expect(answer.status).toBe(401)
  })

  test('says when the provider could not be told', async () => {
    const { id } = await world.link({ provider, name: 'gone unheard' })
    spoilAll(provider)
    await world.call('connections.delete', { connectionId: id, now: true })
    expect((await world.eventsOf(id)).at(-1)).toMatchObject({ data: { revocation: { is: 'notRevoked' } } })
  })
})

describe.each(providers)('a refresh that %s refuses for a wrong secret of the application', (provider) => {
  const client = () =>
    provider === 'github'
      ? { clientId: world.hub.clientId, clientSecret: world.hub.clientSecret }
      : { clientId: world.lab.uid, clientSecret: world.lab.secret }
  const setApplication = (secret: string) =>
    world.call('organization.setOauthApplication', { provider, ...client(), clientSecret: secret })

  /** How many times it was asked again what another application heals. */
  async function healings(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pgboss.job where name = 'heal-grants' and state = 'completed'`.execute(
      world.server.shell.db,
    )
    return rows[0]?.count ?? 0
  }

  test('is an Error that heals by itself once the right one is set', async () => {
    const { id } = await world.link({ provider, name: 'wrong secret' })
    const other = await world.link({ provider, name: 'disabled meanwhile' })
    const before = await healings()
    await setApplication('not-the-secret-at-all')
    // What follows from the wrong one must not meet the right one.
    await vi.waitFor(async () => expect(await healings()).toBeGreaterThan(before), { timeout: 15_000 })
    for (const connectionId of [id, other.id]) {
      await expect(world.call('connections.refresh', { connectionId })).rejects.toMatchObject({ code: 'RefreshFailed' })
      expect(await world.get(connectionId)).toMatchObject({ status: 'error', reason: 'refreshRefused' })
    }
    await world.call('connections.disable', { connectionId: other.id })
    await setApplication(client().clientSecret)
    await vi.waitFor(async () => expect(await world.get(id)).toMatchObject({ status: 'active' }), { timeout: 15_000 })
    expect(await world.get(other.id)).toMatchObject({ status: 'error' })
    await world.call('connections.refresh', { connectionId: id })
  })
})
