import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type GrantWorld, Refused, startGrantWorld } from './grant-world.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 61_000
const answer = z.object({
  baseUrl: z.string(),
  steps: z.array(z.object({ step: z.string(), is: z.string(), detail: z.string() })),
})
const providers = ['github', 'gitlab'] as const
const logins = { github: 'acme-bot', gitlab: 'lab-bot' } as const
const pages = { github: 'GET /meta', gitlab: 'GET /metadata' } as const

let world: GrantWorld
beforeAll(async () => {
  world = await startGrantWorld()
})
afterAll(() => world.close())
beforeEach(() => world.clock.pass(MINUTE_MS))

/** Links an account without signing in, and waits for the first check and the list that follows it. */
async function create(provider: (typeof providers)[number], credential: object): Promise<string> {
  const name = `Nr ${(await world.list()).length}`
  const { id } = z
    .looseObject({ id: z.string() })
    .parse(await world.call('connections.create', { provider, name, credential }))
  await vi.waitFor(async () => expect(await world.get(id)).toMatchObject({ status: 'active' }), 20_000)
  await untilListed(id)
  return id
}

const mint = (provider: (typeof providers)[number]) =>
  provider === 'github'
    ? world.github.token({ kind: 'classic', user: 'acme-bot', scopes: ['repo', 'read:org'] })
    : world.gitlab.token({ user: 'lab-bot', scopes: ['api'] })
const createByToken = (provider: (typeof providers)[number], token = mint(provider)) =>
  create(provider, { kind: 'token', token })

async function createByApp() {
  const { id: app } = world.github.app({ owner: 'acme-bot', slug: 'acme-deploys' })
  const { pem } = await world.github.appKey({ app })
  const { id } = world.github.installation({ app, account: 'acme-bot' })
  const ids = { appId: String(app), installationId: String(id) }
  return { id, connectionId: await create('github', { kind: 'githubApp', ...ids, privateKey: pem }) }
}

/** What works is listed in the background, with the token. */
const untilListed = (connectionId: string) =>
  vi.waitFor(async () => {
    expect(await world.call('repositories.list', { connectionId })).toMatchObject({
      ...{ asOf: expect.any(String), reading: null },
    })
  }, 20_000)

const types = async (connectionId: string) => (await world.eventsOf(connectionId)).map(({ type }) => type)

async function probe(connectionId: string) {
  const { steps } = answer.parse(await world.call('connections.probeConnection', { connectionId }))
  const failed = steps.find(({ is }) => is === 'failed')
  return {
    came: steps.map(({ is }) => is),
    details: steps.slice(3).map(({ detail }) => detail),
    failed: failed ? `${failed.step}: ${failed.detail}` : null,
  }
}

const wholeWay = ['ok', 'ok', 'ok', 'ok', 'ok', 'ok']

describe.each(providers)('a probe of the way of a connection to %s', (provider) => {
  test('shows its own token, and leaves its status and its history as they are', async () => {
    const connectionId = await createByToken(provider)
    const before = { types: await types(connectionId), view: await world.get(connectionId) }
    world.clock.pass(MINUTE_MS)
    const { came, details } = await probe(connectionId)
    expect(came).toEqual(wholeWay)
    expect(details).toEqual(
      provider === 'github'
        ? ['GitHub.', 'As acme-bot, by a classic personal access token.', 'Enough: repo, read:org.']
        : ['GitLab 18.6.1-ee.', 'As lab-bot, by a personal access token.', 'Enough: api.'],
    )
    expect({ types: await types(connectionId), view: await world.get(connectionId) }).toEqual(before)
  })

  test('has its use of the credential on record', async () => {
    const connectionId = await createByToken(provider)
    await probe(connectionId)
    const uses = await world.server.shell.db
      .selectFrom('credential_use')
      .select(['purpose', 'field'])
      .where('connection_id', '=', connectionId)
      .where('purpose', '=', 'probe')
      .execute()
    expect(uses).toEqual([{ purpose: 'probe', field: 'token' }])
  })

  test('ends at the token that the provider refuses, and says so before any validation does', async () => {
    const token = mint(provider)
    const connectionId = await createByToken(provider, token)
    world[provider].revoke({ token })
    const { came, failed } = await probe(connectionId)
    expect(came).toEqual(['ok', 'ok', 'ok', 'ok', 'failed', 'notReached'])
    expect(failed).toMatch(/^authentication: .* answered 401/)
    expect(await world.get(connectionId)).toMatchObject({ status: 'active', deferred: null })
  })

  test('shows the token to nobody but the provider', async () => {
    const token = mint(provider)
    const connectionId = await createByToken(provider, token)
    const page = world[provider].fault({ kind: 'html', status: 200, route: pages[provider] })
    const asked = world[provider].requests.length
    const { came, failed } = await probe(connectionId)
    page.lift()
    world.github.takeUnexpected()
    world.gitlab.takeUnexpected()
    expect(came).toEqual(['ok', 'ok', 'ok', 'failed', 'notReached', 'notReached'])
    expect(failed).toMatch(/^instance: What answers at .* is neither GitHub nor GitLab/)
    const shown = world[provider].requests.slice(asked).map(({ credential }) => credential?.secret)
    expect(shown.length).toBeGreaterThan(0)
    expect(shown).not.toContain(token)
  })

  test('by signing in shows the access token', async () => {
    const { id } = await world.link({ provider, name: 'signed in' })
    const { came, details } = await probe(id)
    expect(came).toEqual(wholeWay)
    expect(details[1]).toBe(
      `As ${logins[provider]}, by ${provider === 'github' ? 'a GitHub App user token' : 'an OAuth grant'}.`,
    )
  })

  test('by signing in renews an access token that has ended first', async () => {
    const { id } = await world.link({ provider, name: 'renewed' })
    world.clock.pass(9 * HOUR_MS)
    expect((await probe(id)).came).toEqual(wholeWay)
    expect(await types(id)).toEqual(expect.arrayContaining(['TokenRefreshStarted', 'TokenRefreshed']))
    expect(await world.get(id)).toMatchObject({ credentialVersion: 2 })
  })

  test('by signing in ends at the token when it cannot be renewed, with what to do', async () => {
    const { id } = await world.link({ provider, name: 'withdrawn' })
    if (provider === 'github') world.github.withdraw({ clientId: world.hub.clientId, user: 'acme-bot' })
    else world.gitlab.withdraw({ uid: world.lab.uid, user: 'lab-bot' })
    world.clock.pass(9 * HOUR_MS)
    const { came, failed } = await probe(id)
    expect(came).toEqual(['ok', 'ok', 'ok', 'ok', 'failed', 'notReached'])
    expect(failed).toMatch(/^authentication: .*Reconnect the account/)
  })
})

describe('a probe of the way of a GitHub App', () => {
  test('proves to be the App, and names the installation and what it may', async () => {
    const { connectionId } = await createByApp()
    const before = await types(connectionId)
    const { came, details } = await probe(connectionId)
    expect(came).toEqual(wholeWay)
    expect(details[1]).toBe('As acme-bot, by a GitHub App (acme-deploys), all repositories.')
    expect(details[2]).toMatch(/^Enough: contents: read, metadata: read/)
    expect(await types(connectionId)).toEqual(before)
  })

  test('ends at the App when its installation is suspended', async () => {
    const { connectionId, id } = await createByApp()
    world.github.changeInstallation({ id, suspended: true })
    expect((await probe(connectionId)).failed).toMatch(/^(authentication|scopes): .*The installation is suspended/)
    expect(await world.get(connectionId)).toMatchObject({ status: 'active' })
  })
})

describe('a probe of the way of a connection', () => {
  test('that was deleted is refused', async () => {
    const connectionId = await createByToken('gitlab')
    await world.call('connections.delete', { connectionId })
    await expect(probe(connectionId)).rejects.toMatchObject({ code: 'ConnectionMissing' })
  })

  test('is one of the few that an organization has in a minute', async () => {
    const connectionId = await createByToken('gitlab')
    world.clock.pass(MINUTE_MS)
    const all = await Promise.allSettled(Array.from({ length: 14 }, () => probe(connectionId)))
    const refused = all.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(refused).toHaveLength(2)
    for (const error of refused) expect(error instanceof Refused && error.code).toBe('TooManyProbes')
  })
})
