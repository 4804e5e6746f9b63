import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allow, linkBySignIn, openWindow, registerAtGitLab, registerGitHubApp, setApplication } from './applications.ts'
import { CONNECTIONS, cardOf, invite, join } from './hands.ts'
import { agree, logOf } from './log.ts'
import { peopleAt } from './statuses.ts'
import { callAs, connectionsOf, openPage, signUp, soon, startWorld, type World } from './world.ts'

const grace = { name: 'Grace', email: 'grace@example.com', password: 'a moth in the relay' }

let world: World
let page: Page
let lab: ReturnType<typeof registerAtGitLab>
let hub: ReturnType<typeof registerGitHubApp>

beforeAll(async () => {
  world = await startWorld()
  peopleAt(world)
  world.gitlab.user({ username: 'mallory' })
  world.gitlab.project({ path: 'mallory/own', visibility: 'private', files: { 'README.md': 'own' } })
  page = await openPage(world)
  await signUp(page, world)
  lab = registerAtGitLab(world)
  hub = registerGitHubApp(world, 'acme-bot')
  await setApplication(page, lab)
  await setApplication(page, hub)
})
afterAll(() => world.close())

const dialog = () => page.getByRole('dialog')
const card = (name: string) => cardOf(page, name)
const press = (name: string, button: string) => card(name).getByRole('button', { name: button }).click()
const named = async (name: string) => (await connectionsOf(page)).find((each) => each.name === name)

/** Signs in again by the card's button, as whoever is named. */
async function reconnect(name: string, user?: string): Promise<void> {
  await press(name, 'Reconnect')
  await allow(await openWindow(page), user)
}

/** Reconnects by the card's button: the same connection works again, and its history goes on. */
async function staysItself(name: string, status: string, work = () => reconnect(name)): Promise<string[]> {
  const before = { id: (await named(name))?.id, types: await agree(page, world, { name, status }) }
  await work()
  await dialog().getByRole('button', { name: 'Done' }).click()
  const types = await agree(page, world, { name, status: 'active' })
  expect((await named(name))?.id).toBe(before.id)
  expect(types.slice(0, before.types.length)).toEqual(before.types)
  return types.slice(before.types.length)
}

describe('Refresh Token that the provider refuses (P17)', () => {
  test.each([
    { provider: 'GitLab', name: 'lab', withdraw: () => world.gitlab.withdraw({ uid: lab.clientId, user: 'lab-bot' }) },
    {
      provider: 'GitHub',
      name: 'hub',
      withdraw: () => world.github.withdraw({ clientId: hub.clientId, user: 'acme-bot' }),
    },
  ] as const)('says so at $provider, and Reconnect brings the same connection back (P23)', async (told) => {
    const { provider, name } = told
    await linkBySignIn(page, { provider, name })
    told.withdraw()
    await press(name, 'Refresh Token')
    await card(name)
      .getByRole('alert')
      .getByText(/Reconnect the account\./)
      .waitFor()
    const types = await agree(page, world, { name, status: 'revoked' })
    expect(types.slice(-2)).toEqual(['TokenRefreshStarted', 'TokenRefreshFailed'])
    expect(await named(name)).toMatchObject({ advice: { action: 'reconnect' } })
    expect(await staysItself(name, 'revoked')).toEqual(['ConnectionReauthorized', 'ConnectionValidated'])
  })
})

describe('Reconnect (P17, P23)', () => {
  test('Invalid: gives what was not allowed the first time', async () => {
    world.gitlab.consent({ scopes: ['read_api'] })
    await linkBySignIn(page, { provider: 'GitLab', name: 'narrow', status: 'invalid' })
    world.gitlab.consent({ scopes: null })
    await staysItself('narrow', 'invalid')
  })

  test('Expired: begins a new grant where the old one has ended', async () => {
    const { accessToken, refreshToken } = world.github.grant({ clientId: hub.clientId, user: 'acme-bot' })
    world.github.fault({
      ...{ kind: 'status', status: 200, route: 'POST /login/oauth/access_token', area: 'web', times: 1 },
      body: {
        ...{ access_token: accessToken, refresh_token: refreshToken, token_type: 'bearer', scope: '' },
        ...{ expires_in: 28_800, refresh_token_expires_in: 1 },
      },
    })
    await linkBySignIn(page, { provider: 'GitHub', name: 'short' })
    for (const token of [accessToken, refreshToken]) if (token) world.github.expire({ token })
    const end = async () => Date.parse(String(Object(await named('short')).expiresAt))
    await expect.poll(async () => Date.now() > (await end()), soon).toBe(true)
    await press('short', 'Validate')
    await staysItself('short', 'expired')
  })

  test('Error: another account is taken only when that is confirmed', async () => {
    await linkBySignIn(page, { provider: 'GitLab', name: 'asleep', user: 'lab-bot' })
    world.gitlab.changeUser({ username: 'lab-bot', state: 'deactivated' })
    await press('asleep', 'Validate')
    const before = await agree(page, world, { name: 'asleep', status: 'error' })
    await reconnect('asleep', 'mallory')
    await dialog().getByRole('button', { name: 'Keep what it has' }).click()
    await dialog().getByText('It was not taken. Nothing was changed.').waitFor()
    await dialog().getByRole('button', { name: 'Cancel' }).click()
    expect(await agree(page, world, { name: 'asleep', status: 'error' })).toEqual(before)
    expect(await named('asleep')).toMatchObject({ account: { login: 'lab-bot' } })
    await staysItself('asleep', 'error', async () => {
      await reconnect('asleep', 'mallory')
      await dialog().getByRole('button', { name: 'Use mallory' }).click()
    })
    expect(await named('asleep')).toMatchObject({ account: { login: 'mallory' }, credentialVersion: 2 })
    world.gitlab.changeUser({ username: 'lab-bot', state: 'active' })
  })

  test('a creator who left: the card asks for an account that stays, and has its permissions then (P26)', async () => {
    const hers = await openPage(world)
    await join(hers, await invite(page, world, grace.email), grace)
    await linkBySignIn(hers, { provider: 'GitLab', name: 'hers', user: 'lab-bot' })
    await page.getByRole('button', { name: 'Remove Grace' }).click()
    await dialog().getByRole('button', { name: 'Remove' }).click()
    await hers.getByRole('heading', { name: 'Sign in' }).waitFor()
    await hers.context().close()
    await page.goto(world.url + CONNECTIONS)
    await card('hers').getByText('Grace has left the organization.').waitFor()
    expect(await named('hers')).toMatchObject({ authorizerLeft: true, createdBy: { name: 'Grace' } })
    expect(await staysItself('hers', 'active', () => reconnect('hers', 'lab-bot'))).toContain('ConnectionReauthorized')
    await card('hers').getByText('Grace has left the organization.').waitFor({ state: 'detached' })
    await card('hers')
      .getByText(/created by Grace/)
      .waitFor()
    await card('hers')
      .getByText(/given by Ada/)
      .waitFor()
    expect(await named('hers')).toMatchObject({ authorizerLeft: false, authorizedBy: { name: 'Ada' } })
  })
})

describe('a wrong secret of the application (P23)', () => {
  test('is an Error, which the admin mends in the page for every connection', async () => {
    await linkBySignIn(page, { provider: 'GitLab', name: 'mended', user: 'lab-bot' })
    await setApplication(page, { ...lab, clientSecret: 'gloas-not-the-secret-at-all' })
    await press('mended', 'Refresh Token')
    await agree(page, world, { name: 'mended', status: 'error' })
    await press('mended', 'Reconnect')
    await dialog()
      .getByText(/^OAuth application .*, change$/)
      .click()
    await dialog().getByLabel('Application ID', { exact: true }).fill(lab.clientId)
    await dialog().getByLabel('Secret', { exact: true }).fill(lab.clientSecret)
    await dialog().getByRole('button', { name: 'Save the application' }).click()
    await expect.poll(async () => (await named('mended'))?.status, soon).toBe('active')
    await page.keyboard.press('Escape')
    await agree(page, world, { name: 'mended', status: 'active' })
    const id = (await named('mended'))?.id
    const healed = (await logOf(world)).filter(({ stream, type }) => stream === id && type === 'ConnectionValidated')
    expect(healed.at(-1)?.actor).toEqual({ kind: 'job', name: 'New OAuth application' })
    expect(await callAs(page, 'organization.oauthApplications')).toHaveLength(2)
  })
})
