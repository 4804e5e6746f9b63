import { readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DeploymentWorld, moduleFiles, startDeploymentWorld } from './deployment-world.ts'

let world: DeploymentWorld
beforeAll(async () => {
  world = await startDeploymentWorld()
})
afterAll(() => world.close())

/** A project of two repositories, the main one needing a module of the other. */
async function shop(login: string) {
  const connection = await (async () => {
    world.github.user({ login })
    world.github.repository({
      fullName: `${login}/shop`,
      visibility: 'private',
      defaultBranch: '17.0',
      files: {
        ...moduleFiles('shop', "{'name': 'Shop', 'version': '17.0.1.0.0', 'depends': ['sale', 'shop_base']}"),
        'requirements.txt': '# for the shop\nphonenumbers==8.13\n',
      },
    })
    world.github.repository({
      fullName: `${login}/addons`,
      visibility: 'private',
      defaultBranch: '17.0',
      files: { ...moduleFiles('shop_base'), ...moduleFiles('unrelated') },
    })
    return world.connect(login)
  })()
  const main = await world.choose(connection, `${login}/shop`, '17.0')
  const addons = await world.choose(connection, `${login}/addons`, '17.0')
  return { connection, projectId: await world.project(main, addons) }
}

describe('deploying without a command for Odoo (P15)', () => {
  test('fetches, plans, writes the files and says what is to be run', async () => {
    const { projectId } = await shop('plain')
    const environmentId = await world.environment(projectId)
    const deployment = await world.deploy(environmentId)
    expect(deployment).toMatchObject({
      ...{ status: 'succeeded', kind: 'deploy', number: 1, failure: null },
      message:
        'Nothing was installed, since no command for Odoo is set. The plan says how to install 4 modules and update 0.',
      modules: { by: 'plan', installed: 4, updated: 0 },
    })
    expect(deployment.steps.map(({ step, is }) => `${step} ${is}`)).toEqual([
      ...['fetch done', 'plan done', 'release done', 'install done'],
    ])
    expect(deployment.plan).toMatchObject({
      ...{ install: ['base', 'shop_base', 'unrelated', 'shop'], update: [], expected: ['sale'] },
      requirements: [{ file: 'plain/shop: requirements.txt', lines: ['phonenumbers==8.13'] }],
    })
    expect(
      deployment.commits.map(({ fullName, branch, credentialVersion }) => [fullName, branch, credentialVersion]),
    ).toEqual([
      ['plain/shop', '17.0', 1],
      ['plain/addons', '17.0', 1],
    ])
    const [own = '', other = ''] = deployment.plan?.addonsPath ?? []
    expect(await readFile(join(own, 'shop/__manifest__.py'), 'utf8')).toContain('shop_base')
    expect(await readFile(join(other, 'shop_base/__manifest__.py'), 'utf8')).toContain('shop_base')
    expect(await readlink(join(own, '../../current'))).toBe(deployment.id)
    expect(deployment.plan?.command).toContain(`--addons-path ${own},${other}`)
    const lines = await world.log(deployment.id, { search: 'SHOP_BASE' })
    expect(lines.map(({ text }) => text)).toContain('install shop_base (plain/addons): new')
  })

  test('brings up to date what is new, and nothing else', async () => {
    const { projectId } = await shop('news')
    const environmentId = await world.environment(projectId)
    await world.deploy(environmentId)
    const same = await world.deploy(environmentId)
    expect(same).toMatchObject({
      ...{ status: 'succeeded', kind: 'sync', message: 'Nothing has changed: 3 modules stay as they are.' },
      plan: { install: [], update: [], command: null },
    })
    await world.github.commit({
      fullName: 'news/addons',
      files: { ...moduleFiles('shop_more'), 'shop_base/models.py': 'x = 1\n' },
    })
    const next = await world.deploy(environmentId)
    expect(next).toMatchObject({ status: 'succeeded', plan: { install: ['shop_more'], update: ['shop_base'] } })
  })
})
