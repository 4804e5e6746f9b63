import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { makeAuthority, type TestAuthority } from '../networks/certificates.ts'
import { startTlsFront, type TlsFront } from '../networks/tls-front.ts'
import { agree } from './log.ts'
import { peopleAt, untilStatus } from './statuses.ts'
import { callAs, openPage, signUp, startWorld, type World } from './world.ts'

let world: World
let page: Page
let authority: TestAuthority
let front: TlsFront
let tokens: ReturnType<typeof peopleAt>
let token: string

const dialog = () => page.getByRole('dialog')
const line = (name: string, answer: 'yes' | 'no' | 'not checked', within: Page | Locator = dialog()) =>
  within.getByRole('listitem').filter({ hasText: `${name}: ${answer}` })
const check = () => dialog().getByRole('button', { name: 'Check this address' }).click()

/** Opens the dialog for a GitLab at an address. */
async function begin(address: string): Promise<void> {
  await page.goto(`${world.url}/settings/git-connections`)
  await page.getByRole('button', { name: 'Add Git Connection' }).first().click()
  await dialog().getByRole('radio', { name: 'GitLab', exact: true }).check()
  await dialog()
    .getByText(/, change$/)
    .click()
  await dialog().getByLabel('Instance URL').fill(address)
}

beforeAll(async () => {
  world = await startWorld({ TRUSTED_HOSTS: '127.0.0.1' })
  page = await openPage(world)
  await signUp(page, world)
  tokens = peopleAt(world)
  token = tokens.gitlab()
  authority = await makeAuthority('Acme Root')
  front = await startTlsFront(world.gitlab.url, await authority.issue('IP:127.0.0.1'))
})
afterAll(async () => {
  await world.close()
  await front[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
})

// Deliverable of P26 and P33: a private authority, and the step that fails for a new instance.
describe('the check of an address', () => {
  test('shows the step that fails, and comes further with what it asks for', async () => {
    await begin(`https://127.0.0.1:${front.port}`)
    await check()
    await line('Certificate', 'no').getByText('authority that is not trusted here').waitFor()
    await line('Connection', 'yes').waitFor()
    await line('Instance', 'not checked').waitFor()

    await dialog().getByLabel('Certificate authority').fill(authority.pem)
    await line('Certificate', 'no').waitFor({ state: 'detached' })
    await check()
    await line('Instance', 'yes').waitFor()
    await line('Token', 'not checked').getByText('No token was given.').waitFor()

    await dialog().getByLabel('Token', { exact: true }).fill(token)
    await check()
    await line('Instance', 'yes').getByText('GitLab 18.6.1-ee.').waitFor()
    await line('Scopes', 'yes').waitFor()
  })

  test('is offered for an address of its own only', async () => {
    await begin('')
    await dialog().getByLabel('Instance URL').waitFor()
    expect(await dialog().getByRole('button', { name: 'Check this address' }).count()).toBe(0)
  })

  test('says what is wrong with an address that can not be one', async () => {
    await begin('ftp://git.acme.test')
    await check()
    await dialog().getByRole('alert').getByText('must begin with https://').waitFor()
  })

  test('is shown by itself where a new connection was not reached', async () => {
    await begin(`https://127.0.0.1:${await freePort()}`)
    await dialog().getByLabel('Token', { exact: true }).fill(token)
    await dialog().getByRole('button', { name: 'Create Connection' }).click()
    await dialog()
      .getByText(/^The way to 127\.0\.0\.1/)
      .waitFor()
    await line('Connection', 'no').getByText('refused the connection').waitFor()
    await line('Token', 'not checked').waitFor()
  })
})

describe('the check of the address of a connection', () => {
  /** Links an account through the API, and opens its page. */
  async function open(name: string, input: object): Promise<void> {
    const { id } = await callAs<{ id: string }>(page, 'connections.create', { name, ...input })
    await untilStatus(page, id, 'active')
    await page.goto(`${world.url}/settings/git-connections/${id}`)
  }
  const checkAgain = () => page.getByRole('button', { name: 'Check the address' }).click()

  test('goes the whole way with its own token and certificate authority', async () => {
    const baseUrl = `https://127.0.0.1:${front.port}`
    const own = tokens.gitlab()
    const more = { certificateAuthority: authority.pem, credential: { kind: 'token', token: own } }
    await open('private', { provider: 'gitlab', baseUrl, ...more })
    const before = await agree(page, world, { name: 'private', status: 'active' })
    await checkAgain()
    await line('Certificate', 'yes', page).waitFor()
    await line('Instance', 'yes', page).getByText('GitLab 18.6.1-ee.').waitFor()
    await line('Token', 'yes', page).getByText('As lab-bot, by a personal access token.').waitFor()
    await line('Scopes', 'yes', page).waitFor()

    world.gitlab.revoke({ token: own })
    await checkAgain()
    await line('Token', 'no', page).getByText('GitLab answered 401').waitFor()
    expect(await agree(page, world, { name: 'private', status: 'active' })).toEqual(before)
  })

  test('shows how far a GitHub App comes', async () => {
    const app = world.github.app({ owner: 'acme-bot' }).id
    const installation = world.github.installation({ app, account: 'acme-bot' }).id
    const { pem } = await world.github.appKey({ app })
    const ids = { appId: String(app), installationId: String(installation) }
    await open('an app', { provider: 'github', credential: { kind: 'githubApp', ...ids, privateKey: pem } })
    await checkAgain()
    await line('App', 'yes', page)
      .getByText(/^As acme-bot, by a GitHub App/)
      .waitFor()
    await line('Permissions', 'yes', page)
      .getByText(/^Enough: contents: read/)
      .waitFor()
    world.github.changeInstallation({ id: installation, suspended: true })
    await checkAgain()
    await page
      .getByRole('status')
      .getByText(/suspended/)
      .waitFor()
    await agree(page, world, { name: 'an app', status: 'active' })
  })
})
