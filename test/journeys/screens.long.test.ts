import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginSignIn, linkByWindow, openWindow, registerAtGitLab, setApplication } from './applications.ts'
import { faultsOf } from './look.ts'
import { reachMany } from './many.ts'
import { option, pick } from './project-hands.ts'
import { LONG_NAME, linkEveryStatus } from './statuses.ts'
import { callAs, openPage, owner, signUp, startWorld, type World } from './world.ts'

let world: World
let page: Page
let ids: Record<string, string>
let invitation: string

const connections = '/settings/git-connections'
const heading = (name: string | RegExp, on: Page = page) => on.getByRole('heading', { name, level: 1 }).waitFor()
const dialog = () => page.getByRole('dialog')
const card = (name: string) => page.getByRole('article', { name, exact: true })
const go = (path: string) => page.goto(world.url + path)

/** What a fresh visitor sees at an address. */
async function faultsAt(path: string, ready: (visitor: Page) => Promise<unknown>): Promise<string[]> {
  const visitor = await openPage(world)
  await visitor.goto(world.url + path)
  await ready(visitor)
  const faults = await faultsOf(visitor)
  await visitor.context().close()
  return faults
}

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
})
afterAll(() => world.close())

// Each: nothing for axe to find, and no sideways scrolling.
describe('before one is in', () => {
  test('the first account', async () => {
    expect(await faultsAt('/', (visitor) => heading('Create the first account', visitor))).toEqual([])
  })

  test('no connection yet', async () => {
    await signUp(page, world)
    await page.getByRole('heading', { name: 'No connection yet' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('signing in, and a wrong password', async () => {
    const wrong = async (visitor: Page) => {
      await heading('Sign in', visitor)
      await visitor.getByLabel('E-mail').fill(owner.email)
      await visitor.getByLabel('Password').fill('not the password')
      await visitor.getByRole('button', { name: 'Sign in' }).click()
      await visitor.getByRole('alert').filter({ hasText: /./ }).waitFor()
    }
    expect(await faultsAt('/sign-in', (visitor) => heading('Sign in', visitor))).toEqual([])
    expect(await faultsAt('/sign-in', wrong)).toEqual([])
  })

  test('joining, and an invitation that is over', async () => {
    const { id, url } = await callAs<{ id: string; url: string }>(page, 'organization.invite', {
      email: 'grace@example.com',
    })
    invitation = url
    expect(await faultsAt(`/join/${id}`, (visitor) => heading(/^Join /, visitor))).toEqual([])
    const over = (visitor: Page) => visitor.getByText('This invitation is over').waitFor()
    expect(await faultsAt('/join/00000000-0000-4000-8000-000000000000', over)).toEqual([])
  })
})

describe('the connections', () => {
  test('with one of every status, disabled, put off and deleted ones, and a long name', async () => {
    ids = (await linkEveryStatus(page, world)).ids
    await go(connections)
    for (const word of ['Active', 'Expired', 'Revoked', 'Error', 'Invalid', 'Pending']) {
      await page.getByRole('article').getByText(word, { exact: true }).first().waitFor()
    }
    await card(LONG_NAME).waitFor()
    await card('put off')
      .getByText(/Next try/)
      .waitFor()
    await page.getByRole('heading', { name: 'Recently deleted' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the meaning of a status, shown', async () => {
    await card('error').getByText('Error', { exact: true }).hover()
    await page.getByRole('tooltip').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test.each(['GitHub', 'GitLab'])('the dialog that adds one of %s', async (provider) => {
    await go(connections)
    await page.getByRole('button', { name: 'Add Git Connection' }).click()
    await dialog().getByRole('radio', { name: provider, exact: true }).check()
    await dialog().getByLabel('Name', { exact: true }).fill(LONG_NAME)
    await dialog().getByLabel('Token', { exact: true }).fill('no token at all')
    await dialog().getByRole('alert').filter({ hasText: /./ }).first().waitFor()
    await dialog()
      .getByText(/, change$/)
      .click()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the check list of a new one', async () => {
    await go(connections)
    await page.getByRole('button', { name: 'Add Git Connection' }).click()
    await dialog().getByLabel('Name', { exact: true }).fill('checked')
    await dialog()
      .getByLabel('Token', { exact: true })
      .fill(`ghp_${'b'.repeat(36)}`)
    await dialog().getByRole('button', { name: 'Create Connection' }).click()
    await dialog().getByText('Invalid', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the check of an address, where it fails and where it ends well', async () => {
    await go(connections)
    await page.getByRole('button', { name: 'Add Git Connection' }).click()
    await dialog()
      .getByText(/, change$/)
      .click()
    await dialog().getByLabel('Instance URL').fill('https://git.acme.invalid')
    await dialog().getByRole('button', { name: 'Check this address' }).click()
    await dialog()
      .getByText(/The name git.acme.invalid was not found/)
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
    await go(`${connections}/${ids.active}`)
    await page.getByRole('button', { name: 'Check the address' }).click()
    await page.getByText(/^As acme-bot, by/).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the dialog that edits one', async () => {
    await go(connections)
    await card('active').getByRole('button', { name: 'Edit' }).click()
    await dialog()
      .getByLabel('Token', { exact: true })
      .fill(`ghp_${'c'.repeat(36)}`)
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog()
      .getByText(/Bad credentials/)
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the dialog that deletes one', async () => {
    await go(connections)
    await card(LONG_NAME).getByRole('button', { name: 'Delete' }).click()
    await dialog().getByText('No project depends on it.').waitFor()
    await dialog()
      .getByLabel(/^Delete now/)
      .check()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the keys that the page listens to', async () => {
    await go(connections)
    await card('active').waitFor()
    await page.keyboard.press('?')
    await dialog().waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})

describe('every way in', () => {
  test.each(['GitHub', 'GitLab'] as const)('how an OAuth application is registered at %s', async (provider) => {
    await go(connections)
    await beginSignIn(page, provider)
    await dialog()
      .getByText(/No OAuth application is set for/)
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the form of a GitHub App, with a wrong key', async () => {
    await go(connections)
    await page.getByRole('button', { name: 'Add Git Connection' }).click()
    await dialog()
      .getByRole('radio', { name: /^GitHub App/ })
      .check()
    await dialog().getByLabel('App ID').fill('12345')
    await dialog().getByLabel('Installation ID').fill('67890')
    await dialog().getByLabel('Private Key').fill('-----BEGIN CERTIFICATE-----'.padEnd(300, 'x'))
    await dialog().getByRole('button', { name: 'Create Connection' }).click()
    await dialog()
      .getByText(/This is a certificate/)
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('a sign-in that waits, and one that was refused', async () => {
    await setApplication(page, registerAtGitLab(world))
    await go(connections)
    await beginSignIn(page, 'GitLab')
    await dialog()
      .getByText(/, change$/)
      .last()
      .click()
    const popup = await openWindow(page)
    await dialog()
      .getByText(/Waiting for you to allow access/)
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
    await popup.getByRole('button', { name: 'Cancel' }).click()
    await dialog()
      .getByText(/Access was not allowed/)
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
    const back = (visitor: Page) => visitor.getByText(/belongs to no sign-in that waits here/).waitFor()
    expect(await faultsAt('/connected?problem=unknown', back)).toEqual([])
  })

  test('the card of one who signed in, and the dialog that reconnects it', async () => {
    await go(connections)
    await linkByWindow(page, { provider: 'GitLab', name: 'signed in' })
    const [application] = await callAs<{ clientId: string }[]>(page, 'organization.oauthApplications')
    world.gitlab.withdraw({ uid: application?.clientId ?? '', user: 'lab-bot' })
    await card('signed in').getByRole('button', { name: 'Refresh Token' }).click()
    await card('signed in').getByText('Revoked', { exact: true }).waitFor()
    await card('signed in').getByRole('button', { name: 'Reconnect' }).click()
    await dialog()
      .getByRole('button', { name: /^Connect with/ })
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})

describe('one connection', () => {
  test.each([
    ['overview', 'active', 'Evidence'],
    ['overview', 'error', 'missing: '],
    ['used-by', 'disabled', 'No project depends on it'],
    ['timeline', 'expired', 'linked '],
    ['settings', LONG_NAME, 'Delete this connection'],
  ])('%s of %s', async (tab, name, shown) => {
    await go(`${connections}/${ids[name]}?tab=${tab}`)
    await heading(name)
    await page.getByText(shown).first().waitFor()
    if (tab === 'timeline') await page.locator('summary').first().click()
    expect(await faultsOf(page)).toEqual([])
  })

  test('one that is not there', async () => {
    await go(`${connections}/00000000-0000-4000-8000-000000000000`)
    await page.getByRole('alert').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})

describe('projects', () => {
  test('none yet', async () => {
    await go('/projects')
    await page.getByRole('heading', { name: 'No project yet' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the picker: the connections, 10,000 repositories, one search of them, and 2,000 branches', async () => {
    await reachMany(world, ids[LONG_NAME] ?? '', { repositories: 10_000, branches: 2_000 })
    await go('/projects/new')
    await page.getByRole('button', { name: 'Choose a repository' }).click()
    await option(page, /^disabled/).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await option(page, new RegExp(`^${LONG_NAME}`)).click()
    await option(page, /module-00001/).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.type('nothing like it')
    await page.getByText('Nothing that').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await option(page, /module-00001/).click()
    await option(page, /^17\.0/).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Enter')
  })

  test('the form of one with addon repositories, and what the server said against it', async () => {
    await page.getByRole('button', { name: 'Add an addon repository' }).click()
    await pick(page, { through: 'active', fullName: 'acme-bot/shop' })
    await page.getByRole('button', { name: 'Add an addon repository' }).click()
    await pick(page, { through: LONG_NAME, fullName: 'acme/module-00002' })
    await callAs(page, 'connections.disable', { connectionId: ids.active })
    await page.getByRole('button', { name: 'Create project' }).click()
    await page.getByText('The connection "active" is disabled.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await callAs(page, 'connections.enable', { connectionId: ids.active })
    await page.getByLabel('Name', { exact: true }).fill(LONG_NAME)
    await page.getByRole('button', { name: 'Create project' }).click()
    await heading(LONG_NAME)
  })

  test('one with a connection that does not work, and the dialog that deletes it', async () => {
    const of = { connectionId: ids.active }
    const { seen } = await callAs<{ seen: string }>(page, 'connections.dependents', of)
    await callAs(page, 'connections.disable', { ...of, seen, reason: 'The account moves to another organization.' })
    await page.getByText(/This connection is disabled: The account moves/).waitFor()
    await page.locator('summary').first().click()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Delete' }).click()
    await dialog().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  test('all of them, what uses a connection, and one that is not there', async () => {
    await go('/projects')
    await card(LONG_NAME).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await go(`${connections}/${ids.active}?tab=used-by`)
    await page.getByRole('link', { name: LONG_NAME }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await go('/projects/00000000-0000-4000-8000-000000000000')
    await page.getByRole('alert').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})

describe('the rest of the house', () => {
  test('the audit, with an open entry', async () => {
    await go('/audit')
    await page.locator('summary').first().click()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the audit, filtered, with the connections as of an instant', async () => {
    await go(`/audit?connection=${ids.error}&kind=ConnectionValidated&from=2020-01-01T00:00&asOf=2090-01-01T00:00`)
    await page.getByRole('heading', { name: /^Connections as of/ }).waitFor()
    await page.getByRole('listitem').filter({ hasText: 'Active, disabled' }).first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await go('/audit?kind=Nothing')
    await page.getByText('Nothing was recorded that fits these filters.').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the members, with an invitation and its link', async () => {
    await go('/settings/members')
    await page.getByText(invitation).waitFor()
    await page.getByLabel('E-mail').fill('alan@example.com')
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.getByText('Send this link').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Leave' }).click()
    await dialog().waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the API keys, with a key shown', async () => {
    await go('/settings/api-keys')
    await page.getByLabel('Name', { exact: true }).fill('a key with a rather long name')
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByText('it is not shown again').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('an address that leads nowhere', async () => {
    await go('/no/such/page')
    await heading('There is nothing at this address')
    expect(await faultsOf(page)).toEqual([])
  })
})
