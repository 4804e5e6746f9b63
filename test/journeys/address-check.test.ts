import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { makeAuthority, type TestAuthority } from '../networks/certificates.ts'
import { startTlsFront, type TlsFront } from '../networks/tls-front.ts'
import { faultsOf } from './look.ts'
import { peopleAt } from './statuses.ts'
import { openPage, signUp, startWorld, type World } from './world.ts'

let world: World
let page: Page
let authority: TestAuthority
let front: TlsFront
let token: string

const dialog = () => page.getByRole('dialog')
const line = (name: string, answer: 'yes' | 'no' | 'not checked') =>
  dialog()
    .getByRole('listitem')
    .filter({ hasText: `${name}: ${answer}` })
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
  token = peopleAt(world).gitlab()
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
    expect(await faultsOf(page)).toEqual([])

    await dialog().getByLabel('Certificate authority').fill(authority.pem)
    await line('Certificate', 'no').waitFor({ state: 'detached' })
    await check()
    await line('Instance', 'yes').waitFor()
    await line('Token', 'not checked').getByText('No token was given.').waitFor()

    await dialog().getByLabel('Token', { exact: true }).fill(token)
    await check()
    await line('Instance', 'yes').getByText('GitLab 18.6.1-ee.').waitFor()
    await line('Scopes', 'yes').waitFor()
    expect(await faultsOf(page)).toEqual([])
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
    expect(await line('Token', 'not checked').count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])
  })
})
