import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DeploymentWorld, moduleFiles, startDeploymentWorld } from './deployment-world.ts'

let world: DeploymentWorld
beforeAll(async () => {
  world = await startDeploymentWorld()
})
afterAll(() => world.close())

const web = moduleFiles('web_notify')

/** A repository with one module, its connection, a project of it and an environment. */
async function shop(login: string, files: Record<string, string> = web) {
  world.github.user({ login })
  world.github.repository({ fullName: `${login}/shop`, visibility: 'private', defaultBranch: '17.0', files })
  const connectionId = await world.connect(login)
  const chosen = await world.choose(connectionId, `${login}/shop`, '17.0')
  const projectId = await world.project(chosen)
  return { connectionId, projectId, chosen, environmentId: await world.environment(projectId) }
}
const refusal = (environmentId: string) =>
  world.start(environmentId).then(
    () => 'no refusal',
    (error: unknown) => (error instanceof Error ? error.message : 'no error'),
  )

describe('what a deployment takes', () => {
  test('is refused through a connection that is disabled or does not work, with the remedy', async () => {
    const { connectionId, environmentId } = await shop('barred')
    const { seen } = Object(await world.call('connections.dependents', { connectionId }))
    await world.call('connections.disable', { connectionId, seen })
    expect(await refusal(environmentId)).toBe(
      'The connection "barred" is disabled. Enable it, or choose another connection in the project.',
    )

    world.gitlab.user({ username: 'ended' })
    world.gitlab.project({ path: 'ended/shop', visibility: 'private', defaultBranch: '17.0', files: web })
    const lab = await world.connectGitLab('ended')
    const other = await world.environment(await world.project(await world.choose(lab, 'ended/shop', '17.0')))
    world.gitlab.revoke({ token: world.tokenOf(lab) })
    await world.call('connections.validate', { connectionId: lab })
    expect(await refusal(other)).toMatch(/^The connection "ended" does not work \(revoked: .*Validate it/)
  })

  test('is followed through a rename', async () => {
    const { environmentId } = await shop('moved')
    world.github.renameRepository({ from: 'moved/shop', to: 'moved/store' })
    expect(await world.deploy(environmentId)).toMatchObject({
      ...{ status: 'succeeded', commits: [{ fullName: 'moved/store' }] },
    })
  })

  test('fails by name for the one that is out of reach, which the project is told', async () => {
    const { environmentId, projectId } = await shop('gone')
    world.github.removeRepository({ fullName: 'gone/shop' })
    const failed = await world.deploy(environmentId)
    expect(failed).toMatchObject({ status: 'failed', failure: { step: 'fetch', reason: 'lostRepository' } })
    expect(failed.failure?.message).toBe(
      '"gone" does not reach gone/shop any more: it was deleted, or access to it was withdrawn.',
    )
    expect(await world.call('projects.get', { projectId })).toMatchObject({
      repository: { accessLost: { reason: 'notFound' } },
    })
  })

  test('fails by name for a branch that is not there', async () => {
    const { projectId } = await shop('branchless')
    const environmentId = await world.environment(projectId, { branch: '18.0' })
    const failed = await world.deploy(environmentId)
    expect(failed.failure).toMatchObject({ reason: 'noBranch', message: 'branchless/shop has no branch 18.0.' })
  })

  test('can be one commit, not the latest', async () => {
    const { environmentId } = await shop('pinned')
    const first = await world.deploy(environmentId)
    await world.github.commit({ fullName: 'pinned/shop', files: { 'web_notify/a.py': '' } })
    const commit = first.commits[0]?.commit ?? ''
    const again = await world.deploy(environmentId, { commit })
    expect(again.commits).toMatchObject([{ commit }])
    expect((await world.deploy(environmentId)).commits[0]?.commit).not.toBe(commit)
  })

  test('holds private submodules of the same host, however they are written', async () => {
    const { environmentId } = await shop('parent', {})
    world.github.repository({
      fullName: 'parent/base',
      visibility: 'private',
      defaultBranch: '17.0',
      files: moduleFiles('base_x'),
    })
    world.github.repository({ fullName: 'parent/web', visibility: 'private', defaultBranch: '17.0', files: web })
    const [base, notify] = await Promise.all(
      ['parent/base', 'parent/web'].map((fullName) => world.github.commit({ fullName, files: { 'README.md': 'x' } })),
    )
    const { hostname } = new URL(world.github.url)
    await world.github.commit({
      fullName: 'parent/shop',
      files: {
        '.gitmodules': `[submodule "base"]\n\tpath = base\n\turl = ../base.git\n[submodule "web"]\n\tpath = web\n\turl = git@${hostname}:parent/web.git\n`,
      },
      submodules: { base: String(base), web: String(notify) },
    })
    const deployment = await world.deploy(environmentId)
    expect(deployment).toMatchObject({ status: 'succeeded', plan: { install: ['base', 'base_x', 'web_notify'] } })
  })

  test('fails by name for a submodule of a host that it has no connection for', async () => {
    const { environmentId } = await shop('foreign', web)
    await world.github.commit({
      fullName: 'foreign/shop',
      files: { '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = https://git.elsewhere.example/acme/x.git\n' },
      submodules: { x: 'a'.repeat(40) },
    })
    const failed = await world.deploy(environmentId)
    expect(failed.failure).toMatchObject({ step: 'fetch', reason: 'submodule' })
    expect(failed.failure?.message).toContain('The submodule x lies on another host (git.elsewhere.example)')
  })

  test('is told when it is from GitLab as well, by its own connection', async () => {
    world.gitlab.user({ username: 'lab' })
    world.gitlab.project({
      path: 'lab/addons',
      visibility: 'private',
      defaultBranch: '17.0',
      files: moduleFiles('lab_x'),
    })
    world.github.user({ login: 'mixed' })
    world.github.repository({ fullName: 'mixed/shop', visibility: 'private', defaultBranch: '17.0', files: web })
    const hub = await world.connect('mixed')
    const lab = await world.connectGitLab('lab')
    const projectId = await world.project(
      await world.choose(hub, 'mixed/shop', '17.0'),
      await world.choose(lab, 'lab/addons', '17.0'),
    )
    const deployment = await world.deploy(await world.environment(projectId))
    expect(deployment).toMatchObject({ status: 'succeeded', plan: { install: ['base', 'lab_x', 'web_notify'] } })
    expect(deployment.commits.map(({ connectionName }) => connectionName).sort()).toEqual(['lab', 'mixed'])
  })

  test('and what changed since the last good one is told', async () => {
    const { environmentId } = await shop('changing')
    const first = await world.deploy(environmentId)
    await world.github.commit({ fullName: 'changing/shop', files: { 'web_notify/a.py': '' }, message: 'Add a' })
    const second = await world.deploy(environmentId)
    expect(await world.call('deployments.changes', { deploymentId: second.id })).toMatchObject({
      since: { id: first.id, number: 1 },
      repositories: [
        { fullName: 'changing/shop', commits: [{ subject: 'Add a', author: 'Sample Author' }], more: false },
      ],
      modules: { added: [], changed: ['web_notify'], gone: [] },
    })
  })

  test('can be listed before anything is deployed', async () => {
    const { projectId } = await shop('looking', {
      ...web,
      ...moduleFiles('off', "{'name': 'Off', 'version': '17.0.1.0.0', 'installable': False}"),
      ...moduleFiles('bad', "{'name': nothing}"),
    })
    expect(await world.call('environments.findModules', { projectId, odooVersion: '17.0' })).toMatchObject({
      modules: [
        { name: 'off', title: 'Off', installable: false },
        { name: 'web_notify', version: '17.0.1.0.0', repository: 'looking/shop', installable: true },
      ],
      problems: [expect.stringContaining('looking/shop: bad: line 1')],
    })
  })
})
