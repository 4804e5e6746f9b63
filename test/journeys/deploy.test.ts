import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorkbench } from '../odoo/workbench.ts'
import { createProject, environmentInLog, moduleFiles, untilEnded } from './deploy-hands.ts'
import { linkByApi, peopleAt } from './statuses.ts'
import { callAs, openPage, signUp, soon, startWorld, type World } from './world.ts'

interface Deployment {
  readonly id: string
  readonly kind: string
  readonly of: string | null
  readonly status: string
  readonly commits: { commit: string }[]
  readonly plan: { install: string[]; update: string[] } | null
}

let bench: Awaited<ReturnType<typeof openWorkbench>>
let world: World
let page: Page
let releases: string
let projectId: string
const environments: Record<string, string> = {}
const deployed: string[] = []

const button = (name: string | RegExp) => page.getByRole('button', { name })
const region = (name: string | RegExp) => page.getByRole('region', { name })
const lines = () => region('Lines of the log')
const go = (path: string) => page.goto(world.url + path)
const get = (deploymentId: string) => callAs<Deployment>(page, 'deployments.get', { deploymentId })
const commitOf = async (deploymentId: string) => (await get(deploymentId)).commits[0]?.commit
const types = async (name: string) => (await environmentInLog(world, environments[name] ?? '')).types.slice(1)
const push = (branch: string, message: string) =>
  world.github.commit({ fullName: 'acme-bot/erp', branch, files: { 'shop_base/models.py': 'x = 1\n' }, message })

/** Goes to an environment, and begins a deployment by its button. */
async function begin(name: string, does: 'Deploy' | 'Sync'): Promise<void> {
  await go(`/environments/${environments[name]}`)
  await button(`${does} ${name}`).click()
  await page.getByRole('heading', { name: /^Deployment \d+$/, level: 1 }).waitFor()
}

beforeAll(async () => {
  bench = await openWorkbench()
  const config = join(bench.base, 'odoo.conf')
  await writeFile(config, '[options]\nseries = 17.0\n')
  releases = await mkdtemp(join(tmpdir(), 'releases-'))
  await chmod(releases, 0o755)
  world = await startWorld({
    ...{ DEPLOY_DIR: releases, ODOO_COMMAND: `python3 ${join(bench.base, 'odoo-bin')} -c ${config}` },
    ...{ ODOO_DATABASE_URL: bench.databaseUrl, ODOO_SAME_USER: 'allow' },
  })
  page = await openPage(world)
  await signUp(page, world)
  const tokens = peopleAt(world)
  const modules = { ...moduleFiles('shop_base'), ...moduleFiles('shop_sale', ['shop_base']) }
  world.github.repository({
    ...{ fullName: 'acme-bot/erp', visibility: 'private', files: modules },
    branches: [
      { name: 'main' },
      { name: 'broken', files: { ...modules, 'shop_sale/data/broken.xml': '<odoo' } },
      { name: 'endless', files: { ...modules, 'shop_sale/slow': '600' } },
    ],
  })
  const connectionId = await linkByApi(page, { provider: 'github', name: 'acme', token: tokens.github() })
  projectId = await createProject(page, 'ERP', { connectionId, names: ['acme-bot/erp'] })
  for (const [name, branch] of [
    ['Live', null],
    ['Broken', 'broken'],
    ['Endless', 'endless'],
  ] as const) {
    const wanted = { projectId, name, branch, kind: 'staging', odooVersion: '17.0', modules: 'all' }
    const { id } = await callAs<{ id: string }>(page, 'environments.create', {
      ...{ ...wanted, database: bench.freshDatabase() },
    })
    environments[name] = id
  }
})
afterAll(async () => {
  await world.close()
  await bench[Symbol.asyncDispose]()
  await rm(releases, { recursive: true, force: true })
})

describe('a deployment (P1, P15)', () => {
  test('shows its steps, its log and its end by itself', async () => {
    await begin('Live', 'Deploy')
    deployed.push(await untilEnded(page, 'Succeeded'))
    await lines().getByText('Module shop_sale loaded').waitFor()
    await page.getByText(/^Odoo installed 3 modules and updated 0\./).waitFor()
    for (const step of ['Fetch', 'Plan', 'Write files', 'Install']) await button(`${step} , done,`).waitFor()
    const plan = region('Plan').getByRole('rowheader')
    expect(await plan.allTextContents()).toEqual((await get(deployed[0] ?? '')).plan?.install)
    expect(await types('Live')).toEqual([
      ...['DeploymentRequested', 'DeploymentStarted', 'RepositoryCloned'],
      ...['ModulesInstalled', 'DeploymentSucceeded'],
    ])
  })

  test('has a log that is searched by the server, shown around what was found, of one step, and saved', async () => {
    await page.getByLabel('Search the log').fill('SHOP_SALE LOADED')
    await page.getByText('1 match', { exact: true }).waitFor()
    await lines().getByRole('button').click()
    await lines().getByText('Loading module shop_base').waitFor()
    await button(/^Fetch/).click()
    await page.getByText(/lines? in Fetch$/).waitFor()
    await expect.poll(() => lines().getByText('Loading module').count(), soon).toBe(0)
    const [saved] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
    expect(saved.suggestedFilename()).toBe('ERP-Live-deployment-1.txt')
    expect(await readFile(await saved.path(), 'utf8')).toMatch(
      /^\S+ fetch info .*\n[\s\S]* install info .*Module shop_sale loaded/,
    )
  })

  test('is a sync on what is up already: it pulls what is new, and says what that is (P3)', async () => {
    await push('main', 'Count stock by lot')
    await begin('Live', 'Sync')
    deployed.push(await untilEnded(page, 'Succeeded'))
    await page.getByText(/^Odoo installed 0 modules and updated 1\./).waitFor()
    const changes = region('What changed since the last good deployment')
    await changes.getByText('Count stock by lot').waitFor()
    await changes.getByRole('link', { name: 'deployment 1' }).waitFor()
    const { kind, plan } = await get(deployed[1] ?? '')
    expect({ kind, plan }).toMatchObject({ kind: 'sync', plan: { install: [], update: ['shop_base'] } })
    await region('Repositories').getByRole('link', { name: 'acme' }).waitFor()
  })

  test('is rolled back to, after it was said that the database is not', async () => {
    await go(`/environments/${environments.Live}`)
    await button('Roll back to this: deployment 1').click()
    await page.getByRole('dialog').getByText('The database is not rolled back.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click()
    await page.getByRole('heading', { name: 'Deployment 3', level: 1 }).waitFor()
    const id = await untilEnded(page, 'Succeeded')
    expect(await get(id)).toMatchObject({ kind: 'rollback', of: deployed[0] })
    expect(await commitOf(id)).toBe(await commitOf(deployed[0] ?? ''))
    expect(await commitOf(id)).not.toBe(await commitOf(deployed[1] ?? ''))
  })
})

describe('a deployment that fails', () => {
  test('says at which module and why, on top, with its environment and in its log', async () => {
    await begin('Broken', 'Deploy')
    deployed.push(await untilEnded(page, 'Failed'))
    const sentence = page.getByText(/^Failed while installing shop_sale: .*ParseError/)
    await sentence.first().waitFor()
    await button('Install , failed,').waitFor()
    await lines().getByText('ParseError').first().waitFor()
    expect(await types('Broken')).toEqual(expect.arrayContaining(['DeploymentFailed']))
    await page.getByRole('link', { name: 'ERP / Broken' }).click()
    await sentence.first().waitFor()
    await page.getByRole('article', { name: 'Broken', exact: true }).getByText('Failed', { exact: true }).waitFor()
  })

  test('is retried with the same commits', async () => {
    const before = await get(deployed.at(-1) ?? '')
    await push('broken', 'Come too late')
    await button(/^Retry deployment 1/).click()
    await page.getByRole('heading', { name: 'Deployment 2', level: 1 }).waitFor()
    const id = await untilEnded(page, 'Failed')
    expect(await get(id)).toMatchObject({ kind: 'retry', of: before.id })
    expect(await commitOf(id)).toBe(before.commits[0]?.commit)
  })
})

describe('a deployment that is not wanted any more', () => {
  test('shows its log while Odoo is at work, and is cancelled then', async () => {
    await begin('Endless', 'Deploy')
    await lines().getByText('Loading module shop_sale').waitFor()
    await page.getByText('Odoo installs and updates the modules ...').waitFor()
    await button('Install , running,').waitFor()
    expect(await lines().getByText('Module shop_sale loaded').count()).toBe(0)
    await button('Cancel').click()
    const id = await untilEnded(page, 'Cancelled')
    await page.getByText('It was cancelled at the step Install.').waitFor()
    expect(await get(id)).toMatchObject({ status: 'cancelled' })
    expect((await types('Endless')).slice(-2)).toEqual(['CancellationRequested', 'DeploymentCancelled'])
  })

  test('stands among all deployments, which the URL filters', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.getByRole('heading', { name: 'Deployments', level: 1 }).waitFor()
    const rows = page.getByRole('main').getByRole('article')
    await expect.poll(() => rows.count(), soon).toBe(6)
    await page.getByLabel('Status:').selectOption('Cancelled')
    await expect.poll(() => rows.count(), soon).toBe(1)
    expect(new URL(page.url()).search).toBe('?status=cancelled')
    await page.reload()
    await rows.getByRole('link', { name: 'ERP / Endless: Deploy 1' }).waitFor()
    expect(await rows.count()).toBe(1)
    await page.goBack()
    await expect.poll(() => rows.count(), soon).toBe(6)
  })
})
