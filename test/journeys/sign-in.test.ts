import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'
import { allow, beginSignIn, openWindow, registerAtGitLab, registerOAuthApp, setApplication } from './applications.ts'
import { CONNECTIONS, cardOf } from './hands.ts'
import { agree, logOf } from './log.ts'
import { peopleAt } from './statuses.ts'
import { connectionsOf, openPage, signUp, soon, startWorld, type World } from './world.ts'

let world: World
let below: GitLabSimulator
let page: Page
/** Everything that the browser ever received: addresses, headers, bodies. */
const received: Promise<string>[] = []
let secrets: string[] = []

beforeAll(async () => {
  below = await startGitLab({ path: '/gitlab' })
  world = await startWorld({ TRUSTED_HOSTS: '127.0.0.1' })
  peopleAt(world)
  below.user({ username: 'deep-bot' })
  below.project({ path: 'deep-bot/erp', visibility: 'private', files: { 'README.md': 'erp' } })
  page = await openPage(world)
  record(page)
  await signUp(page, world)
  const applications = [registerOAuthApp(world), registerAtGitLab(world), registerAtGitLab(world, below)]
  for (const application of applications) await setApplication(page, application)
  secrets = applications.map(({ clientSecret }) => clientSecret)
})
afterAll(async () => {
  await world.close()
  await below[Symbol.asyncDispose]()
})
function record(of: Page): void {
  of.context().on('response', (response) => {
    const known = response.headers()
    // A redirect has no body, a stream's never ends, and what a window is sent last goes with it.
    const stream = known['content-type']?.includes('event-stream')
    const body = stream ? '' : response.text().catch(() => '')
    const headers = response.allHeaders().catch(() => known)
    received.push(Promise.all([headers, body]).then((parts) => response.url() + JSON.stringify(parts)))
  })
}

beforeEach(() => page.goto(world.url + CONNECTIONS))

const dialog = () => page.getByRole('dialog')
const logged = async () => (await logOf(world)).length
const named = async (name: string) => (await connectionsOf(page)).find((each) => each.name === name)

describe('signing in at a provider (P6, P7)', () => {
  test.each([
    { provider: 'GitHub', login: 'acme-bot' },
    { provider: 'GitLab', login: 'lab-bot' },
  ] as const)('opens $provider in a window, and the connection arrives by itself', async ({ provider, login }) => {
    await beginSignIn(page, provider)
    const popup = await openWindow(page)
    await dialog().getByText(`Waiting for you to allow access at ${provider}.`).waitFor()
    await allow(popup)
    await dialog().getByText('Active', { exact: true }).waitFor()
    await dialog().getByRole('button', { name: 'Done' }).click()
    expect(await agree(page, world, { name: login, status: 'active' })).toEqual([
      ...['ConnectionCreated', 'ConnectionValidated'],
    ])
    expect(await named(login)).toMatchObject({
      ...{ method: 'oauth', account: { login }, canList: { is: 'yes' }, canClone: { is: 'yes' } },
    })
  })

  test('goes to a self-hosted GitLab below a path, by its URL', async () => {
    await beginSignIn(page, 'GitLab')
    await dialog()
      .getByText(/, change$/)
      .first()
      .click()
    await dialog().getByLabel('Instance URL').fill(`${below.url}/`)
    await dialog()
      .getByText(`You sign in at ${below.url.replace('http://', '')}`)
      .waitFor()
    const popup = await openWindow(page)
    expect(popup.url()).toContain(`${below.url}/oauth/authorize?`)
    await allow(popup)
    await dialog().getByText('Active', { exact: true }).waitFor()
    await dialog().getByRole('button', { name: 'Done' }).click()
    await agree(page, world, { name: 'deep-bot', status: 'active' })
    expect(await named('deep-bot')).toMatchObject({ baseUrl: below.url, account: { login: 'deep-bot' } })
  })

  test('says whose permissions the connection has, before and after (P26)', async () => {
    await beginSignIn(page, 'GitHub')
    await dialog()
      .getByText(/has your permissions: if you lose access to a repository, it stops working for that repository/)
      .waitFor()
    await page.keyboard.press('Escape')
    await cardOf(page, 'acme-bot')
      .getByText(/^Has the permissions of acme-bot at the provider, given by Ada/)
      .waitFor()
    expect(await named('acme-bot')).toMatchObject({ authorizedBy: { name: 'Ada' }, authorizerLeft: false })
  })

  test('goes on in the page where the window is blocked', async () => {
    const alone = await openPage(world)
    record(alone)
    await alone.context().addCookies(await page.context().cookies())
    await alone.addInitScript('window.open = () => null')
    await alone.goto(world.url + CONNECTIONS)
    const before = await connectionsOf(page)
    const form = await beginSignIn(alone, 'GitHub')
    await form.getByLabel('Name', { exact: true }).fill('in the page')
    await form.getByRole('button', { name: 'Connect with GitHub' }).click()
    await alone.getByRole('button', { name: 'Authorize' }).click()
    await alone.getByRole('link', { name: 'Open the connection' }).click()
    await alone.getByRole('heading', { name: 'in the page', level: 1 }).waitFor()
    await alone.context().close()
    await agree(page, world, { name: 'in the page', status: 'active' })
    expect(await connectionsOf(page)).toHaveLength(before.length + 1)
  })
})

describe('a sign-in that comes to nothing (P6)', () => {
  const nothingLeft = async (provider: 'GitHub' | 'GitLab', work: (popup: Page) => Promise<unknown>) => {
    const before = { list: await connectionsOf(page), logged: await logged() }
    await beginSignIn(page, provider)
    await work(await openWindow(page))
    expect(await logged()).toBe(before.logged)
    expect((await connectionsOf(page)).map(({ id }) => id)).toEqual(before.list.map(({ id }) => id))
  }

  test.each(['GitHub', 'GitLab'] as const)('is told when access is refused at %s', (provider) =>
    nothingLeft(provider, async (popup) => {
      await popup.getByRole('button', { name: 'Cancel' }).click()
      await dialog().getByText(`Access was not allowed at ${provider}. Nothing was linked.`).waitFor()
      await expect.poll(() => popup.isClosed(), soon).toBe(true)
    }),
  )

  test('is told when the window is closed', () =>
    nothingLeft('GitHub', async (popup) => {
      await popup.close()
      await dialog()
        .getByText(/The window seems to be closed. If you closed it, nothing was linked/)
        .waitFor()
      await dialog().getByRole('button', { name: 'Stop waiting' }).click()
      await dialog().getByText('Waiting for you to allow access').waitFor({ state: 'detached' })
    }))
})

describe('the browser', () => {
  test('received no token and no secret in all of that', async () => {
    const shown = [world.github, world.gitlab, below].flatMap(({ requests }) =>
      requests.flatMap(({ credential, body }) => [credential?.secret, body?.code_verifier, body?.client_secret]),
    )
    secrets.push(...shown.filter((secret) => typeof secret === 'string' && secret.length > 15).map(String))
    const told = (await Promise.all(received)).join('\n')
    expect(received.length).toBeGreaterThan(50)
    expect(new Set(secrets).size).toBeGreaterThan(8)
    for (const secret of secrets) expect(told).not.toContain(secret)
    for (const secret of secrets) expect(world.output()).not.toContain(secret)
  })
})
