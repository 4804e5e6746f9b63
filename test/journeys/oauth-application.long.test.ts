import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  beginSignIn,
  callbackOf,
  linkBySignIn,
  linkByWindow,
  registerAtGitLab,
  registerGitHubApp,
  registerOAuthApp,
} from './applications.ts'
import { CONNECTIONS, cardOf } from './hands.ts'
import { agree, logOf } from './log.ts'
import { peopleAt } from './statuses.ts'
import { callAs, connectionsOf, openPage, signUp, soon, startWorld, type World } from './world.ts'

const HOUR_MS = 3_600_000

let world: World
let page: Page
const secrets: string[] = []

beforeAll(async () => {
  world = await startWorld()
  peopleAt(world)
  page = await openPage(world)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await signUp(page, world)
})
afterAll(() => world.close())
beforeEach(() => page.goto(world.url + CONNECTIONS))

const dialog = () => page.getByRole('dialog')
const applications = () =>
  callAs<{ provider: string; clientId: string; setBy: string }[]>(page, 'organization.oauthApplications')
const settings = async () => (await logOf(world)).filter(({ type }) => type === 'OAuthApplicationSet')
const named = async (name: string) => (await connectionsOf(page)).find((each) => each.name === name)

/** Types an application's id and secret into the open form. */
async function enter(provider: 'GitHub' | 'GitLab', application: { clientId: string; clientSecret: string }) {
  secrets.push(application.clientSecret)
  await dialog()
    .getByLabel(provider === 'GitHub' ? 'Client ID' : 'Application ID', { exact: true })
    .fill(application.clientId)
  await dialog()
    .getByLabel(provider === 'GitHub' ? 'Client secret' : 'Secret', { exact: true })
    .fill(application.clientSecret)
  await dialog().getByRole('button', { name: 'Save the application' }).click()
}

describe('an OAuth application (P6)', () => {
  test.each([
    { provider: 'GitHub', name: 'github', register: '/settings/applications/new', wants: ['Homepage URL'] },
    {
      provider: 'GitLab',
      name: 'gitlab',
      register: '/-/user_settings/applications',
      wants: ['Confidential', 'read_api', 'read_repository'],
    },
  ] as const)('that is not set at $provider is explained, with the address to copy', async (told) => {
    await beginSignIn(page, told.provider)
    const { url } = world[told.name]
    await dialog()
      .getByText(`No OAuth application is set for ${url.replace('http://', '')} yet.`)
      .waitFor()
    expect(
      await dialog()
        .getByRole('button', { name: /^Connect with/ })
        .count(),
    ).toBe(0)
    const link = dialog().getByRole('link', { name: 'Open the page for new applications' })
    expect(await link.getAttribute('href')).toBe(url + told.register)
    for (const word of told.wants) await dialog().getByText(word).first().waitFor()
    await dialog().getByRole('button', { name: 'Copy the callback URL' }).click()
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'), soon)
      .toBe(callbackOf(world, told.name, url))
  })

  test('is set by an admin in the page, and then signs people in', async () => {
    const application = registerAtGitLab(world)
    await beginSignIn(page, 'GitLab')
    await enter('GitLab', { clientId: application.clientSecret, clientSecret: application.clientId })
    await dialog()
      .getByText(/This is the secret\. Enter the client id/)
      .waitFor()
    expect(await settings()).toEqual([])
    await enter('GitLab', application)
    await dialog().getByRole('button', { name: 'Connect with GitLab' }).waitFor()
    expect(await applications()).toMatchObject([
      { provider: 'gitlab', clientId: application.clientId, setBy: 'organization' },
    ])
    const [set] = await settings()
    expect(set).toMatchObject({ actor: { name: 'Ada' }, data: { clientId: application.clientId } })
    await page.keyboard.press('Escape')
    await linkByWindow(page, { provider: 'GitLab', name: 'lab' })
    await agree(page, world, { name: 'lab', status: 'active' })
  })
})

describe('signing in at GitHub (P8, P17)', () => {
  test('by an OAuth App gives a token without an end, and says that there is nothing to refresh', async () => {
    await beginSignIn(page, 'GitHub')
    await enter('GitHub', registerOAuthApp(world))
    await dialog()
      .getByText(/Its token does not end, so there is nothing to refresh/)
      .waitFor()
    await page.keyboard.press('Escape')
    await linkBySignIn(page, { provider: 'GitHub', name: 'endless' })
    await agree(page, world, { name: 'endless', status: 'active' })
    await cardOf(page, 'endless')
      .getByText(/Its token does not end by itself, so there is nothing to refresh/)
      .waitFor()
    expect(await cardOf(page, 'endless').getByRole('button', { name: 'Refresh Token' }).count()).toBe(0)
    expect(await named('endless')).toMatchObject({ refreshable: false, expiresAt: null, accessExpiresAt: null })
  })

  test('by a GitHub App, set in its place, gives one of eight hours, which Refresh Token replaces', async () => {
    const app = registerGitHubApp(world, 'acme-bot')
    await beginSignIn(page, 'GitHub')
    await dialog()
      .getByText(/^OAuth application Ov23.*, change$/)
      .click()
    await enter('GitHub', app)
    await dialog().getByText(`OAuth application ${app.clientId}, change`).waitFor()
    expect(
      await dialog()
        .getByText(/nothing to refresh/)
        .count(),
    ).toBe(0)
    await page.keyboard.press('Escape')
    await linkBySignIn(page, { provider: 'GitHub', name: 'renewed' })
    const before = await agree(page, world, { name: 'renewed', status: 'active' })
    const { accessExpiresAt, authorizedAt, ...made } = Object(await named('renewed'))
    expect(made).toMatchObject({ refreshable: true, credentialVersion: 1 })
    expect(Math.round((Date.parse(accessExpiresAt) - Date.parse(authorizedAt)) / HOUR_MS)).toBe(8)

    await cardOf(page, 'renewed').getByRole('button', { name: 'Refresh Token' }).click()
    await cardOf(page, 'renewed')
      .getByText(/Refreshes by itself, last/)
      .waitFor()
    await cardOf(page, 'renewed').getByRole('status').getByText('GitHub accepted the token.').waitFor()
    const types = await agree(page, world, { name: 'renewed', status: 'active' })
    expect(types.slice(before.length)).toEqual(['TokenRefreshStarted', 'TokenRefreshed', 'ConnectionValidated'])
    expect(await named('renewed')).toMatchObject({ credentialVersion: 2 })
  })
})

describe('the secret of an application', () => {
  test('is in no answer, no event and no line of output', async () => {
    const told = [JSON.stringify(await applications()), JSON.stringify(await logOf(world)), world.output()].join('\n')
    expect(secrets).toHaveLength(4)
    for (const secret of secrets.slice(1)) expect(told).not.toContain(secret)
  })
})
