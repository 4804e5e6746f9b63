import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { moduleStates } from '../../server/odoo/module-states.ts'
import { openWorkbench } from '../odoo/workbench.ts'
import { type DeploymentWorld, moduleFiles, startDeploymentWorld } from './deployment-world.ts'

let bench: Awaited<ReturnType<typeof openWorkbench>>
let world: DeploymentWorld
beforeAll(async () => {
  bench = await openWorkbench()
  const config = join(bench.base, 'odoo.conf')
  await writeFile(config, '[options]\nseries = 17.0\n')
  world = await startDeploymentWorld({
    ...{ ODOO_COMMAND: `python3 ${join(bench.base, 'odoo-bin')} -c ${config}`, ODOO_DATABASE_URL: bench.databaseUrl },
    ODOO_SAME_USER: 'allow',
  })
})
afterAll(async () => {
  await world.close()
  await bench[Symbol.asyncDispose]()
})

/** An environment of a repository of its own. */
async function shop(login: string, files: Record<string, string>) {
  world.github.user({ login })
  world.github.repository({ fullName: `${login}/shop`, visibility: 'private', defaultBranch: '17.0', files })
  const connection = await world.connect(login)
  const projectId = await world.project(await world.choose(connection, `${login}/shop`, '17.0'))
  const database = bench.freshDatabase()
  return { connection, database, environmentId: await world.environment(projectId, { database }) }
}
const push = (login: string, files: Record<string, string>) =>
  world.github.commit({ fullName: `${login}/shop`, files, message: 'Change it' })
const statesOf = async (database: string) => {
  const asked = await moduleStates(bench.databaseUrl, database)
  return asked.is === 'known'
    ? Object.fromEntries([...asked.modules].map(([name, { state }]) => [name, state]))
    : asked.is
}

const web = moduleFiles('web_notify')
const needing = moduleFiles('shop', "{'name': 'Shop', 'version': '17.0.1.0.0', 'depends': ['web_notify']}")

describe('deploying with a command for Odoo (P15)', () => {
  test('installs what is new, then updates only what changed', async () => {
    const { environmentId, database } = await shop('fresh', { ...web, ...needing })
    const first = await world.deploy(environmentId)
    expect(first).toMatchObject({
      ...{ status: 'succeeded', message: 'Odoo installed 3 modules and updated 0.', warnings: 0 },
      modules: { by: 'odoo', installed: 3, updated: 0 },
    })
    expect(await statesOf(database)).toMatchObject({ web_notify: 'installed', shop: 'installed' })
    const lines = await world.log(first.id, { step: 'install' })
    expect(lines.map(({ text }) => text)).toContainEqual(expect.stringContaining('Module shop loaded in'))
    await push('fresh', { 'shop/models.py': 'x = 1\n' })
    const second = await world.deploy(environmentId)
    expect(second).toMatchObject({ kind: 'sync', status: 'succeeded', plan: { install: [], update: ['shop'] } })
    const third = await world.deploy(environmentId)
    expect(third.message).toBe('Nothing has changed: 2 modules stay as they are.')
  })

  test('fails with the real cause, keeps what went in before, and is retried with the same commits', async () => {
    const { environmentId, database } = await shop('broken', { ...web, ...needing, 'shop/data/broken.xml': '<odoo' })
    const failed = await world.deploy(environmentId)
    expect(failed).toMatchObject({ status: 'failed', failure: { step: 'install', reason: 'odoo' } })
    expect(failed.failure?.message).toMatch(/^Failed while installing shop: .*ParseError/)
    expect(failed.failure?.message).toContain('broken/shop: shop/data/broken.xml')
    expect(await statesOf(database)).toMatchObject({ web_notify: 'installed', shop: 'uninstalled' })
    await push('broken', { 'shop/other.py': '' })
    const retried = await world.again('retry', failed.id)
    expect(retried).toMatchObject({ kind: 'retry', of: failed.id, status: 'failed' })
    expect(retried.commits.map(({ commit }) => commit)).toEqual(failed.commits.map(({ commit }) => commit))
    expect(retried.plan?.install).toEqual(['shop'])
  })

  test('goes back to the commits of an earlier one', async () => {
    const { environmentId } = await shop('back', web)
    const first = await world.deploy(environmentId)
    await push('back', { 'web_notify/models.py': 'x = 1\n' })
    const second = await world.deploy(environmentId)
    expect(second.commits[0]?.commit).not.toBe(first.commits[0]?.commit)
    const back = await world.again('rollBack', first.id)
    expect(back).toMatchObject({
      kind: 'rollback',
      of: first.id,
      status: 'succeeded',
      plan: { update: ['web_notify'] },
    })
    expect(back.commits[0]?.commit).toBe(first.commits[0]?.commit)
  })

  test('is cancelled while Odoo works, and nothing of it goes on', async () => {
    const { environmentId } = await shop('slow', { ...web, 'web_notify/slow': '600' })
    const id = await world.start(environmentId)
    await vi.waitFor(
      async () => {
        const lines = await world.log(id, { step: 'install' })
        expect(lines.map(({ text }) => text)).toContainEqual(expect.stringContaining('Loading module web_notify'))
      },
      { timeout: 30_000, interval: 100 },
    )
    await world.call('deployments.cancel', { deploymentId: id })
    const seen = await world.over(id)
    expect(seen).toMatchObject({
      status: 'cancelled',
      steps: expect.arrayContaining([expect.objectContaining({ step: 'install', is: 'cancelled' })]),
    })
  })

  test('brings up to date what went in unrecorded before it was cancelled, although no version tells', async () => {
    const late = moduleFiles('late', "{'name': 'Late', 'version': '17.0.1.0.0', 'depends': ['web_notify']}")
    const { environmentId } = await shop('unrecorded', { ...web, ...late, 'late/slow': '600' })
    const id = await world.start(environmentId)
    await vi.waitFor(async () => expect(await world.log(id, { search: 'Loading module late' })).toHaveLength(1), {
      timeout: 30_000,
      interval: 100,
    })
    await world.call('deployments.cancel', { deploymentId: id })
    expect(await world.over(id)).toMatchObject({ status: 'cancelled' })
    await push('unrecorded', { 'late/slow': '0', 'web_notify/models.py': 'x = 1\n' })
    const next = await world.deploy(environmentId)
    expect(next).toMatchObject({ status: 'succeeded', plan: { install: ['late'], update: ['web_notify'] } })
  })

  test('stops before anything is changed when a dependency is in no repository of a known Odoo', async () => {
    const { environmentId, database } = await shop('cycle', {
      ...moduleFiles('one', "{'name': 'One', 'version': '17.0.1.0.0', 'depends': ['two']}"),
      ...moduleFiles('two', "{'name': 'Two', 'version': '17.0.1.0.0', 'depends': ['one']}"),
    })
    const failed = await world.deploy(environmentId)
    expect(failed.failure).toMatchObject({ step: 'plan', reason: 'cycle' })
    expect(failed.failure?.message).toContain('cycle/shop: one/__manifest__.py')
    expect(await statesOf(database)).toBe('no-database')
  })
})
