import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, moduleFiles, untilEnded } from './deploy-hands.ts'
import { CONNECTIONS, cardOf } from './hands.ts'
import { query } from './log.ts'
import { faultsOf } from './look.ts'
import { LONG_NAME, linkByApi, peopleAt } from './statuses.ts'
import { callAs, openPage, signUp, soon, startWorld, type World } from './world.ts'

const LINES = 100_000

let world: World
let page: Page
let releases: string
let projectId: string
let deploymentId: string
const environments: Record<string, string> = {}

const button = (name: string | RegExp) => page.getByRole('button', { name })
const dialog = () => page.getByRole('dialog')
const lines = () => page.getByRole('region', { name: 'Lines of the log' })
const go = (path: string) => page.goto(world.url + path)

beforeAll(async () => {
  releases = await mkdtemp(join(tmpdir(), 'releases-'))
  world = await startWorld({ DEPLOY_DIR: releases })
  page = await openPage(world)
  await signUp(page, world)
  const tokens = peopleAt(world)
  world.github.repository({
    ...{ fullName: 'acme-bot/erp', visibility: 'private', branches: [{ name: 'main' }] },
    files: { ...moduleFiles('shop_sale', ['sale']), ...moduleFiles('shop_stock'), 'requirements.txt': 'zeep==4.2.1\n' },
  })
  const connectionId = await linkByApi(page, { provider: 'github', name: 'acme', token: tokens.github() })
  projectId = await createProject(page, 'ERP', { connectionId, names: ['acme-bot/erp'] })
})
afterAll(async () => {
  await world.close()
  await rm(releases, { recursive: true, force: true })
})

async function create(name: string, branch: string | null): Promise<void> {
  const wanted = { projectId, name, branch, kind: 'staging', odooVersion: '17.0', modules: 'all' }
  environments[name] = (await callAs<{ id: string }>(page, 'environments.create', wanted)).id
}

// Each: nothing for axe to find, and no sideways scrolling.
describe('environments', () => {
  test('none yet, and no deployment', async () => {
    await go(`/projects/${projectId}`)
    await page.getByText('No environment yet').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await go('/deployments')
    await page.getByRole('heading', { name: 'No deployment yet' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('the form, with what is wrong, and the choice of modules', async () => {
    await go(`/projects/${projectId}/environments/new`)
    await page.getByLabel('Name', { exact: true }).fill(LONG_NAME)
    await page.getByRole('radio', { name: 'Some' }).check()
    await button('Create environment').click()
    await page.getByText('Choose a module, or all.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await button('Choose modules').click()
    await dialog()
      .getByRole('option', { name: /shop_sale/ })
      .click()
    await dialog().getByText('1 module chosen').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('deployed, failed, stopped, never deployed, and with a long name', async () => {
    for (const [name, branch] of [
      ['Live', null],
      [LONG_NAME, 'gone'],
      ['Old', null],
      ['New', null],
    ] as const) {
      await create(name, branch)
    }
    await callAs(page, 'environments.stop', { environmentId: environments.Old })
    for (const [name, word] of [
      ['Live', 'Succeeded'],
      [LONG_NAME, 'Failed'],
    ] as const) {
      await go(`/environments/${environments[name]}`)
      await button(`Deploy ${name}`).click()
      const id = await untilEnded(page, word)
      if (name === 'Live') deploymentId = id
    }
    await go(`/projects/${projectId}`)
    for (const word of ['Deployed', 'Failed', 'Stopped', 'Never deployed']) {
      await page.getByRole('article').getByText(word, { exact: true }).waitFor()
    }
    expect(await faultsOf(page)).toEqual([])
    await button('More about Live').click()
    await page.getByRole('menuitem', { name: 'Deploy anew' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test.each(['deployments', 'settings', 'timeline'])('one of them: %s', async (tab) => {
    await go(`/environments/${environments[LONG_NAME]}?tab=${tab}`)
    const shown = { deployments: /Retry/, settings: /^Database$/, timeline: /^created the staging environment/ }[tab]
    await page
      .getByText(shown ?? /./)
      .first()
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('what is asked before one is deleted, and before their connection is', async () => {
    await button(`More about ${LONG_NAME}`).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await dialog()
      .getByText(/stays as it is/)
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
    await go(CONNECTIONS)
    await cardOf(page, 'acme').getByRole('button', { name: 'Delete' }).click()
    await dialog().getByLabel('Type acme to delete it anyway').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})

describe('deployments', () => {
  test('one that was planned alone, one that failed, and all of them', async () => {
    await go(`/deployments/${deploymentId}`)
    await page.getByText('Nothing was installed.', { exact: true }).waitFor()
    await lines().getByText('shop_sale').first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await go('/deployments')
    await page.getByRole('article', { name: /of a-name/ }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('link', { name: /a-name.*Deploy 1$/ }).click()
    await button('Deploy again').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test(`one with ${LINES} lines draws those in view, and finds the others`, async () => {
    await query(
      world,
      `insert into deployment_line
        select organization_id, deployment_id, 1000 + n, now(), 'install', case when n % 9 = 0 then 'error' else 'info' end,
          chr(27) || '[1;3' || n % 8 || 'mINFO' || chr(27) || '[0m line ' || n || repeat(' and on', n % 50)
        from deployment_run, generate_series(1, ${LINES}) as n where deployment_id = $1`,
      [deploymentId],
    )
    await go(`/deployments/${deploymentId}`)
    await page.getByText(/^100,\d+ lines$/).waitFor()
    const drawn = () => lines().locator('[data-line]').count()
    expect(await drawn()).toBeLessThan(100)
    await lines().focus()
    await page.keyboard.press('End')
    await lines().getByText(`line ${LINES}`).waitFor()
    expect(await drawn()).toBeLessThan(100)
    expect(await button('Follow').getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('Home')
    await expect.poll(() => button('Follow').getAttribute('aria-pressed'), soon).toBe('false')
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('Search the log').fill('line 54321')
    await page.getByText('1 match', { exact: true }).waitFor()
    await lines().getByRole('button').click()
    await lines().getByText('line 54322').waitFor()
  })

  test('one that is not there, and a server that is away', async () => {
    await go('/deployments/00000000-0000-4000-8000-000000000000')
    await page.getByRole('alert').filter({ hasText: 'There is no such deployment.' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.route(/deployments\.get/, (route) => route.abort())
    await go(`/deployments/${deploymentId}`)
    await page.getByRole('alert').filter({ hasText: 'The server did not answer.' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.unroute(/deployments\.get/)
    await button('Try again').click()
    await page.getByText('Nothing was installed.', { exact: true }).waitFor()
  })
})
