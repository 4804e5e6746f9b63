import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pressConsent } from '../simulators/press-consent.ts'
import { type GrantWorld, Refused, startGrantWorld } from './grant-world.ts'

let world: GrantWorld
beforeAll(async () => {
  world = await startGrantWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.github.consent({ user: null, answer: 'ask', scopes: null })
  world.gitlab.consent({ user: null, answer: 'ask', scopes: null })
})

const providers = ['github', 'gitlab'] as const
/** What was asked, but for the lists of what works, which are read in the background at any time. */
const calls = (provider: (typeof providers)[number]) =>
  world[provider].requests.filter(({ path }) => !/\/(user\/repos|projects)$/.test(path)).length

describe.each(providers)('signing in at %s', (provider) => {
  test('makes a connection that works, with its evidence', async () => {
    const linked = await world.link({ provider })
    const login = provider === 'github' ? 'acme-bot' : 'lab-bot'
    expect(linked).toMatchObject({ name: login, status: 'active', method: 'oauth', refreshable: true })
    expect(linked.account).toMatchObject({ login })
    expect(linked).toMatchObject({ canList: { is: 'yes' }, canClone: { is: 'yes' } })
    const types = (await world.eventsOf(linked.id)).map(({ type }) => type)
    expect(types).toEqual(['ConnectionCreated', 'ConnectionValidated'])
  })

  test('shows no token to the browser', async () => {
    const { authorizationId, url } = await world.authorize({ provider, name: 'shown' })
    const back = await world.comeBack(await pressConsent(url))
    expect(back.status).toBe(303)
    expect(back.headers.get('location')).toBe(`/connected/${authorizationId}`)
    const seen = [url, JSON.stringify([...back.headers]), await back.text()].join(' ')
    for (const token of secretsOf(provider)) expect(seen).not.toContain(token)
  })

  test('that is refused there says so and leaves nothing behind', async () => {
    const before = (await world.list()).length
    const { authorizationId, url } = await world.authorize({ provider })
    await world.comeBack(await pressConsent(url, { button: 'Cancel' }))
    expect(await world.told(authorizationId)).toMatchObject({ status: 'failed', connectionId: null })
    expect((await world.told(authorizationId)).message).toContain('not allowed')
    expect(await world.list()).toHaveLength(before)
  })

  test('is completed once', async () => {
    const { url } = await world.authorize({ provider })
    const back = await pressConsent(url)
    await world.comeBack(back)
    const before = { count: (await world.list()).length, asked: calls(provider) }
    expect((await world.comeBack(back)).headers.get('location')).toContain('problem')
    expect({ count: (await world.list()).length, asked: calls(provider) }).toEqual(before)
  })

  test('is not completed after ten minutes', async () => {
    const { authorizationId, url } = await world.authorize({ provider })
    const back = await pressConsent(url)
    world.clock.pass(10 * 60_000 + 1)
    await refusedWithoutCall(provider, back, world.owner)
    expect(await world.told(authorizationId)).toMatchObject({ status: 'failed' })
  })

  test('is not completed from another session, by another member or by nobody', async () => {
    const { url } = await world.authorize({ provider })
    const back = await pressConsent(url)
    await world.call('organization.invite', { email: `bo-${provider}@example.com` })
    const other = await world.signUp(`bo-${provider}`)
    const again = await signInAgain('ada')
    for (const cookie of [other, again, null]) await refusedWithoutCall(provider, back, cookie)
  })

  test('is not completed at the address of another instance', async () => {
    const { url } = await world.authorize({ provider })
    const back = await pressConsent(url)
    const other = provider === 'github' ? 'gitlab' : 'github'
    const elsewhere = new URL(back)
    elsewhere.pathname = new URL(world.callbackOf(other, world[other].url)).pathname
    await refusedWithoutCall(provider, elsewhere, world.owner)
    await refusedWithoutCall(other, elsewhere, world.owner)
  })

  test('is not completed with a state that was never given, or without one', async () => {
    const { url } = await world.authorize({ provider })
    const back = await pressConsent(url)
    back.searchParams.set('state', 'A'.repeat(43))
    await refusedWithoutCall(provider, back, world.owner)
    back.searchParams.delete('state')
    await refusedWithoutCall(provider, back, world.owner)
  })

  test('with fewer permissions than needed makes a connection that says which are lacking', async () => {
    if (provider === 'github') return // A GitHub App's users are asked for no scopes.
    world.gitlab.consent({ scopes: ['read_api'] })
    expect(await world.link({ provider, name: 'narrow' })).toMatchObject({ status: 'invalid', reason: 'scopesMissing' })
  })
})

describe.each(providers)('reconnecting at %s', (provider) => {
  test('keeps the connection, its name and history', async () => {
    const linked = await world.link({ provider, name: 'kept' })
    const again = await world.link({ connectionId: linked.id })
    expect(again).toMatchObject({ id: linked.id, name: 'kept', status: 'active', credentialVersion: 2 })
    const types = (await world.eventsOf(linked.id)).map(({ type }) => type)
    expect(types).toEqual(['ConnectionCreated', 'ConnectionValidated', 'ConnectionReauthorized', 'ConnectionValidated'])
  })

  test('heals a connection whose access was taken back', async () => {
    const linked = await world.link({ provider, name: 'taken back' })
    const login = linked.account?.login ?? ''
    if (provider === 'github') world.github.withdraw({ clientId: world.hub.clientId, user: login })
    else world.gitlab.withdraw({ uid: world.lab.uid, user: login })
    await world.call('connections.validate', { connectionId: linked.id })
    expect(await world.get(linked.id)).toMatchObject({ status: 'revoked', advice: { action: 'reconnect' } })
    expect(await world.link({ connectionId: linked.id })).toMatchObject({ status: 'active' })
  })

  test('with another account waits to be confirmed, and changes nothing until then', async () => {
    const linked = await world.link({ provider, name: 'mine' })
    const user = provider === 'github' ? 'eve' : 'mallory'
    const { authorizationId, url } = await world.authorize({ connectionId: linked.id })
    await world.comeBack(await pressConsent(url, { user }))
    expect(await world.told(authorizationId)).toMatchObject({ status: 'confirm', account: user })
    expect(await world.get(linked.id)).toMatchObject({ credentialVersion: 1, account: linked.account })
    await world.call('connections.confirmAuthorization', { authorizationId, accept: true })
    expect(await world.get(linked.id)).toMatchObject({ credentialVersion: 2, account: { login: user } })
    await expect(
      world.call('connections.confirmAuthorization', { authorizationId, accept: true }),
    ).rejects.toBeInstanceOf(Refused)
  })

  test('with another account that is not confirmed ends that grant', async () => {
    const linked = await world.link({ provider, name: 'stays' })
    const user = provider === 'github' ? 'eve' : 'mallory'
    const { authorizationId, url } = await world.authorize({ connectionId: linked.id })
    await world.comeBack(await pressConsent(url, { user }))
    const from = world[provider].requests.length
    await world.call('connections.confirmAuthorization', { authorizationId, accept: false })
    expect(await world.get(linked.id)).toMatchObject({ credentialVersion: 1, account: linked.account })
    // Jobs ask for lists at the same time.
    const asked = world[provider].requests.slice(from).map(({ method, path }) => `${method} ${path}`)
    const ending = provider === 'github' ? /^DELETE .*\/token$/ : /^POST .*revoke$/
    expect(asked.filter((one) => ending.test(one))).not.toEqual([])
  })
})

describe('signing in where no application is set', () => {
  test('is refused with what to do', async () => {
    await expect(world.authorize({ provider: 'gitlab', baseUrl: 'https://git.acme.example' })).rejects.toMatchObject({
      code: 'OAuthApplicationMissing',
    })
  })
})

async function refusedWithoutCall(provider: (typeof providers)[number], back: URL, cookie: string | null) {
  const before = { count: (await world.list()).length, asked: calls(provider) }
  const response = await world.comeBack(back, cookie)
  expect(response.headers.get('location')).toContain('problem')
  expect({ count: (await world.list()).length, asked: calls(provider) }).toEqual(before)
}

async function signInAgain(name: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${world.server.port}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${name}@example.com`, password: 'long enough 1' }),
  })
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

function secretsOf(provider: (typeof providers)[number]): string[] {
  const secret = provider === 'github' ? world.hub.clientSecret : world.lab.secret
  const shown = world[provider].requests.flatMap(({ credential }) => credential?.secret ?? [])
  return [secret, ...shown]
}
