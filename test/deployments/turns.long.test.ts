import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { deploymentSummary } from '../../server/api/deployment-view.ts'
import { createOrganization } from '../../server/commands/organization.ts'
import { openWorkbench } from '../odoo/workbench.ts'
import { type DeploymentWorld, moduleFiles, startDeploymentWorld } from './deployment-world.ts'

const soon = { timeout: 40_000, interval: 100 }
vi.setConfig({ testTimeout: 90_000 })
const withId = z.object({ id: z.string() })
const page = z.object({ deployments: z.array(deploymentSummary) })

let bench: Awaited<ReturnType<typeof openWorkbench>>
let world: DeploymentWorld
/** The session of somebody in another organization. */
let other: string
beforeAll(async () => {
  bench = await openWorkbench()
  const config = join(bench.base, 'odoo.conf')
  await writeFile(config, '[options]\nseries = 17.0\n')
  world = await startDeploymentWorld({
    ...{ ODOO_COMMAND: `python3 ${join(bench.base, 'odoo-bin')} -c ${config}`, ODOO_DATABASE_URL: bench.databaseUrl },
    ...{ ODOO_SAME_USER: 'allow', DEPLOYMENTS_AT_ONCE: '2' },
  })
  await world.call('organization.invite', { email: 'dave@example.com' })
  other = await world.signUp('dave')
  const { shell } = world.server
  const { id: userId } = await shell.db
    .selectFrom('user')
    .select('id')
    .where('name', '=', 'dave')
    .executeTakeFirstOrThrow()
  await createOrganization(shell, { userId, name: 'dave', email: 'dave@example.com' }, randomUUID())
})
afterAll(async () => {
  await world.close()
  await bench[Symbol.asyncDispose]()
})

/** Environments of a project whose one module takes so many seconds to install. */
async function environments(login: string, count: number, { seconds, as }: { seconds: number; as?: string }) {
  const { github, call } = world
  github.user({ login })
  const files = { ...moduleFiles(`slow_${login}`), [`slow_${login}/slow`]: String(seconds) }
  github.repository({ fullName: `${login}/shop`, visibility: 'private', defaultBranch: '17.0', files })
  const token = String(await github.token({ kind: 'classic', user: login, scopes: ['repo', 'read:org'] }))
  const linked = await call(
    'connections.create',
    { provider: 'github', name: login, credential: { kind: 'token', token } },
    as,
  )
  const repository = await world.choose(withId.parse(linked).id, `${login}/shop`, '17.0')
  const project = await call('projects.create', { name: login, repository }, as)
  const projectId = withId.parse(project).id
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const environment = { projectId, name: `E${n}`, kind: 'staging', odooVersion: '17.0', modules: 'all' }
    const made = await call('environments.create', { ...environment, database: bench.freshDatabase() }, as)
    ids.push(withId.parse(made).id)
  }
  return ids
}
const start = async (environmentId: string, as?: string) =>
  withId.parse(await world.call('deployments.start', { environmentId }, as)).id
const listed = async (as?: string) => page.parse(await world.call('deployments.list', {}, as)).deployments

describe('many deployments at once', () => {
  test('of one organization leave room for those of another', async () => {
    const many = await environments('busy', 4, { seconds: 600 })
    const [quick = ''] = await environments('quick', 1, { seconds: 0, as: other })
    const started = await Promise.all(many.map((id) => start(id)))
    await vi.waitFor(async () => {
      const running = (await listed()).filter(({ status }) => status === 'running')
      expect(running).toHaveLength(1)
    }, soon)
    await start(quick, other)
    await vi.waitFor(async () => expect((await listed(other))[0]?.status).toBe('succeeded'), soon)
    expect((await listed()).map(({ status }) => status).sort()).toEqual(['queued', 'queued', 'queued', 'running'])
    for (const deploymentId of started) await world.call('deployments.cancel', { deploymentId })
    await vi.waitFor(async () => {
      expect((await listed()).every(({ status }) => status === 'cancelled')).toBe(true)
    }, soon)
  })

  test('of one environment are refused while one is not over', async () => {
    const [environmentId = ''] = await environments('single', 1, { seconds: 600 })
    const deploymentId = await start(environmentId)
    await expect(start(environmentId)).rejects.toMatchObject({ code: 'DeploymentRunning' })
    await expect(world.call('environments.delete', { environmentId })).rejects.toMatchObject({
      code: 'DeploymentRunning',
    })
    await world.call('deployments.cancel', { deploymentId })
    await world.over(deploymentId)
  })
})
