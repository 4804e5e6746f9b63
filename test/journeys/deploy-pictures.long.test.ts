import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openWorkbench } from '../odoo/workbench.ts'
import { createProject, moduleFiles } from './deploy-hands.ts'
import { linkByApi } from './statuses.ts'
import { callAs, openPage, signUp, soon, startWorld, type World } from './world.ts'

const SIZE = { width: 1280, height: 900 }

let bench: Awaited<ReturnType<typeof openWorkbench>>
let world: World
let page: Page
let releases: string
const deployed: string[] = []
/** Where the pictures go. Those of the README are made anew by `PICTURES=docs/screenshots npm run test:long -- pictures`. */
let folder = process.env.PICTURES ?? ''

beforeAll(async () => {
  if (!folder) folder = await mkdtemp(join(tmpdir(), 'pictures-'))
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
  await page.setViewportSize(SIZE)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await signUp(page, world)
  const { github } = world
  github.user({ login: 'ada' })
  github.organization({ login: 'northwind', members: { ada: 'admin' } })
  const shop = { ...moduleFiles('shop_base'), ...moduleFiles('shop_sale', ['shop_base', 'web_notify']) }
  github.repository({ fullName: 'northwind/shop', visibility: 'private', defaultBranch: '17.0', files: shop })
  github.repository({
    ...{ fullName: 'northwind/web-addons', visibility: 'private', defaultBranch: '17.0' },
    files: {
      ...moduleFiles('web_notify'),
      ...moduleFiles('web_timeline', ['web_notify']),
      'requirements.txt': 'lxml==5.3\n',
    },
  })
  const token = String(await github.token({ kind: 'classic', user: 'ada', scopes: ['repo', 'read:org'] }))
  const connectionId = await linkByApi(page, { provider: 'github', name: 'northwind', token })
  const projectId = await createProject(page, 'Shop', {
    ...{ connectionId, names: ['northwind/shop', 'northwind/web-addons'], branch: '17.0' },
  })
  const environment = async (name: string, kind: string) =>
    (
      await callAs<{ id: string }>(page, 'environments.create', {
        ...{ projectId, name, kind, odooVersion: '17.0', modules: 'all', database: bench.freshDatabase() },
      })
    ).id
  const live = await environment('Live', 'production')
  const deploy = async (environmentId: string) => {
    const { id } = await callAs<{ id: string }>(page, 'deployments.start', { environmentId })
    await vi.waitFor(async () => {
      const { endedAt } = await callAs<{ endedAt: string | null }>(page, 'deployments.get', { deploymentId: id })
      expect(endedAt).not.toBeNull()
    }, soon)
    deployed.push(id)
  }
  await deploy(live)
})
afterAll(async () => {
  await world.close()
  await bench[Symbol.asyncDispose]()
  await rm(releases, { recursive: true, force: true })
  if (!process.env.PICTURES) await rm(folder, { recursive: true })
})

const picture = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) })

describe('a picture for the README', () => {
  test('shows a deployment that went well', async () => {
    await page.goto(`${world.url}/deployments/${deployed[0]}`)
    await page.getByRole('region', { name: 'Lines of the log' }).getByText('northwind/shop').first().waitFor()
    await picture('deployment')
  })
})
