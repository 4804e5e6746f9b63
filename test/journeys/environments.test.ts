import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agreeOnEnvironment, createProject, environmentInLog, moduleFiles, untilEnded } from './deploy-hands.ts'
import { CONNECTIONS, cardOf } from './hands.ts'
import { logOf } from './log.ts'
import { linkByApi, peopleAt } from './statuses.ts'
import { callAs, connectionsOf, openPage, signUp, soon, startWorld, type World } from './world.ts'

let world: World
let page: Page
let releases: string
let connectionId: string
let projectId: string

const button = (name: string | RegExp) => page.getByRole('button', { name })
const dialog = () => page.getByRole('dialog')
const environmentId = () => new URL(page.url()).pathname.split('/')[2] ?? ''
const go = (path: string) => page.goto(world.url + path)
const row = (name: string) => page.getByRole('article', { name, exact: true })

/** Opens the menu of an environment by the keyboard, and takes what begins with that letter by its arrow keys. */
async function choose(name: string, what: string): Promise<void> {
  await button(`More about ${name}`).focus()
  await page.keyboard.press('Enter')
  const item = page.getByRole('menuitem', { name: what, exact: true })
  await item.waitFor()
  expect(await page.locator(':focus').getAttribute('role')).toBe('menuitem')
  const names = await page.getByRole('menuitem').allTextContents()
  for (const each of names) {
    if (each.trim() === what) break
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
}

beforeAll(async () => {
  releases = await mkdtemp(join(tmpdir(), 'releases-'))
  world = await startWorld({ DEPLOY_DIR: releases })
  page = await openPage(world)
  await signUp(page, world)
  const tokens = peopleAt(world)
  world.github.repository({
    ...{ fullName: 'acme-bot/erp', visibility: 'private', branches: [{ name: 'main' }, { name: '17.0-next' }] },
    files: { ...moduleFiles('shop_sale', ['sale']), ...moduleFiles('shop_stock') },
  })
  connectionId = await linkByApi(page, { provider: 'github', name: 'acme', token: tokens.github() })
  projectId = await createProject(page, 'ERP', { connectionId, names: ['acme-bot/erp'] })
})
afterAll(async () => {
  await world.close()
  await rm(releases, { recursive: true, force: true })
})

describe('an environment (P15, P27)', () => {
  test('is where a project leads on to, which says what one is', async () => {
    await go(`/projects/${projectId}`)
    await page.getByText('An environment is one Odoo database that this project is deployed to').waitFor()
    await page.keyboard.press('n')
    await page.getByRole('heading', { name: 'Create an environment', level: 1 }).waitFor()
  })

  test('takes its Odoo version from its branch, and modules from what the repositories hold or what is typed', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Staging')
    await page.getByRole('radio', { name: 'Staging' }).check()
    expect(await page.getByLabel('Odoo version').inputValue()).toBe('19.0')
    await button('Branch main of acme-bot/erp, change').click()
    await dialog()
      .getByRole('option', { name: /^17\.0-next/ })
      .click()
    await button('Branch 17.0-next of acme-bot/erp, change').waitFor()
    expect(await page.getByLabel('Odoo version').inputValue()).toBe('17.0')
    await page.getByRole('radio', { name: 'Some' }).check()
    await button('Choose modules').click()
    await dialog()
      .getByRole('option', { name: /shop_stock/ })
      .waitFor()
    await page.keyboard.type('sale')
    await expect.poll(() => dialog().getByRole('option').count(), soon).toBe(2)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await page.keyboard.type('web_extra')
    await dialog()
      .getByRole('option', { name: /web_extra.*in none of the repositories/ })
      .waitFor()
    await page.keyboard.press('Enter')
    await dialog().getByText('2 modules chosen').waitFor()
    await button('Done').click()
    expect(await page.getByLabel('Database').inputValue()).toBe('erp_staging')
    await button('Create environment').click()
    const types = await agreeOnEnvironment(page, world, {
      ...{ name: 'Staging', kind: 'staging', branch: '17.0-next', odooVersion: '17.0', database: 'erp_staging' },
      ...{ modules: ['shop_sale', 'web_extra'], stopped: false },
    })
    expect(types).toEqual(['EnvironmentCreated'])
    await row('Staging').getByText('Never deployed').waitFor()
  })

  test('is told at its field what is wrong with it', async () => {
    await go(`/projects/${projectId}/environments/new`)
    await page.getByLabel('Name', { exact: true }).fill('Live')
    await page.getByRole('radio', { name: 'Production' }).check()
    const [database, said] = [page.getByLabel('Database'), page.getByRole('alert').filter({ hasText: /./ })]
    await database.fill('erp_staging')
    await button('Create environment').click()
    await expect.poll(() => database.getAttribute('aria-invalid'), soon).toBe('true')
    expect(await said.allTextContents()).toHaveLength(1)
    await database.fill('No such name')
    await button('Create environment').click()
    await said.filter({ hasText: 'Small letters, digits, _ and -' }).waitFor()
    await page.getByRole('radio', { name: 'Some' }).check()
    await database.fill('erp_live')
    await button('Create environment').click()
    await said.filter({ hasText: 'Choose a module, or all.' }).waitFor()
    await page.getByRole('radio', { name: 'All' }).check()
    await button('Create environment').click()
    await agreeOnEnvironment(page, world, {
      ...{ name: 'Live', kind: 'production', branch: null, odooVersion: '19.0', database: 'erp_live' },
      ...{ modules: 'all', stopped: false },
    })
  })

  test('is edited: what is changed, and nothing else, is in the log', async () => {
    await go(`/projects/${projectId}`)
    await choose('Staging', 'Edit')
    await page.getByLabel('Name', { exact: true }).fill('Preview')
    await button('Follow the project').click()
    await page.getByRole('radio', { name: 'All' }).check()
    await button('Save').click()
    const types = await agreeOnEnvironment(page, world, {
      ...{ name: 'Preview', kind: 'staging', branch: null, odooVersion: '17.0', database: 'erp_staging' },
      ...{ modules: 'all', stopped: false },
    })
    expect(types.slice(1)).toEqual(['EnvironmentRenamed', 'BranchSelected', 'ModulesSelected'])
    await button('Settings').click()
    await page.getByText('All that the repositories hold').waitFor()
    await button('Timeline').click()
    await page.getByText('renamed it to "Preview"').waitFor()
  })

  test('is stopped, takes no deployment then, and is resumed', async () => {
    const seen = { name: 'Preview', kind: 'staging', branch: null, odooVersion: '17.0', database: 'erp_staging' }
    await choose('Preview', 'Stop')
    const stopped = await agreeOnEnvironment(page, world, { ...seen, modules: 'all', stopped: true })
    expect(stopped.at(-1)).toBe('EnvironmentStopped')
    expect(await button('Deploy Preview').count()).toBe(0)
    await expect(callAs(page, 'deployments.start', { environmentId: environmentId() })).rejects.toThrow(/is stopped/)
    await button('Resume Preview').click()
    const resumed = await agreeOnEnvironment(page, world, { ...seen, modules: 'all', stopped: false })
    expect(resumed.at(-1)).toBe('EnvironmentResumed')
    await button('Deploy Preview').waitFor()
  })
})

describe('what depends on a connection (P21)', () => {
  test('is named with how it was deployed last, before the connection is disabled or deleted', async () => {
    await button('Deploy Preview').click()
    await untilEnded(page, 'Succeeded')
    await page.getByText('Nothing was installed.', { exact: true }).waitFor()
    await go(CONNECTIONS)
    await cardOf(page, 'acme').getByRole('switch').click({ force: true })
    await dialog()
      .getByRole('listitem')
      .filter({ hasText: /^ERP \/ Preview, deployed .* by Ada$/ })
      .waitFor()
    await dialog().getByRole('button', { name: 'Cancel' }).click()
    await cardOf(page, 'acme').getByRole('button', { name: 'Delete' }).click()
    await dialog().getByRole('listitem').filter({ hasText: 'ERP / Live, never deployed' }).waitFor()
    await dialog().getByRole('link', { name: 'ERP / Preview' }).waitFor()
  })

  test('has ways out: another connection, or to disable it instead', async () => {
    await dialog().getByRole('button', { name: 'Move to another connection' }).click()
    await page.getByRole('dialog', { name: 'Move what uses acme' }).getByRole('button', { name: 'Cancel' }).click()
    await dialog().getByRole('button', { name: 'Disable instead' }).click()
    await dialog().waitFor({ state: 'detached' })
    await expect.poll(async () => (await connectionsOf(page))[0], soon).toMatchObject({ enabled: false })
    await callAs(page, 'connections.enable', { connectionId })
  })

  test('is given up only by whoever types the name of the connection', async () => {
    await cardOf(page, 'acme').getByRole('button', { name: 'Delete' }).click()
    await dialog().getByRole('listitem').filter({ hasText: 'ERP / Live' }).waitFor()
    const remove = dialog().getByRole('button', { name: 'Delete', exact: true })
    expect(await remove.isDisabled()).toBe(true)
    await dialog().getByLabel('Type acme to delete it anyway').fill('acm')
    expect(await remove.isDisabled()).toBe(true)
    await page.keyboard.type('a')
    await page.keyboard.press('Backspace')
    await page.keyboard.type('e')
    await remove.click()
    await dialog().waitFor({ state: 'detached' })
    expect(await connectionsOf(page)).toEqual([])
    expect((await logOf(world)).at(-1)?.type).toBe('ConnectionDeleted')
    await callAs(page, 'connections.restore', { connectionId })
  })
})

describe('the audit', () => {
  test('tells of one environment, and leads to it and to its deployments', async () => {
    const all = await callAs<{ id: string; name: string }[]>(page, 'environments.list', { projectId })
    const id = all.find(({ name }) => name === 'Preview')?.id ?? ''
    await go(`/audit?environment=${id}`)
    const { types } = await environmentInLog(world, id)
    await expect.poll(() => page.locator('summary').count(), soon).toBe(types.length)
    await page.locator('summary').filter({ hasText: 'deployed it.' }).click()
    const entry = page.getByRole('complementary')
    expect(await entry.getByRole('link', { name: 'Preview' }).getAttribute('href')).toBe(`/environments/${id}`)
    await entry.getByRole('link', { name: 'Open it' }).click()
    await page.getByRole('heading', { name: 'Deployment 1', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'ERP / Preview' }).waitFor()
  })
})

describe('what is not wanted any more', () => {
  test('is no project while it has environments, which are named', async () => {
    await go(`/projects/${projectId}`)
    await button('Delete').first().click()
    await dialog().getByRole('button', { name: 'Delete', exact: true }).click()
    await dialog()
      .getByRole('alert')
      .filter({ hasText: /Live.*Preview|Preview.*Live/ })
      .waitFor()
    await page.keyboard.press('Escape')
  })

  test('is an environment, whose database stays', async () => {
    for (const name of ['Live', 'Preview']) {
      await choose(name, 'Delete')
      await dialog()
        .getByText(/stays as it is, with all that is in it/)
        .waitFor()
      await dialog().getByRole('button', { name: 'Delete', exact: true }).click()
      await row(name).waitFor({ state: 'detached' })
    }
    await page.getByText('No environment yet').waitFor()
    expect(await callAs(page, 'environments.list', { projectId })).toEqual([])
    const deleted = (await logOf(world)).filter(({ type }) => type === 'EnvironmentDeleted')
    expect(deleted).toHaveLength(2)
    const { known } = await environmentInLog(world, deleted[0]?.stream ?? '')
    expect(known).toMatchObject({ name: 'Live', deleted: true })
    await go(`/environments/${deleted[0]?.stream}`)
    await page.getByRole('alert').filter({ hasText: 'There is no such environment.' }).waitFor()
  })
})
