import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DeploymentWorld, moduleFiles, startDeploymentWorld } from './deployment-world.ts'

let world: DeploymentWorld
beforeAll(async () => {
  world = await startDeploymentWorld()
})
afterAll(() => world.close())

/** An environment of ten private repositories of one owner. */
async function tenRepositories(login: string) {
  world.github.user({ login })
  const names = Array.from({ length: 10 }, (_, n) => `${login}/r${n}`)
  for (const [n, fullName] of names.entries()) {
    world.github.repository({ fullName, visibility: 'private', defaultBranch: '17.0', files: moduleFiles(`m${n}`) })
  }
  const connection = await world.connect(login)
  const [main = {}, ...addons] = await Promise.all(names.map((name) => world.choose(connection, name, '17.0')))
  const environmentId = await world.environment(await world.project(main, ...addons))
  return { environmentId, names }
}
/** What the provider was asked from now on until the deployment is over, by repository. */
async function requestsOf(environmentId: string) {
  const from = world.github.requests.length
  const deployment = await world.deploy(environmentId)
  const asked = world.github.requests.slice(from).filter(({ path }) => /r\d(\.git)?(\/|$)/.test(path))
  const counts = new Map<string, number>()
  for (const { path } of asked) {
    const name = /r\d/.exec(path)?.[0] ?? ''
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return { deployment, counts, paths: asked.map(({ method, path }) => `${method} ${path}`) }
}

describe('what a sync asks the provider', () => {
  test('is one question for each repository where nothing has changed', async () => {
    const { environmentId } = await tenRepositories('still')
    await world.deploy(environmentId)
    const { deployment, counts } = await requestsOf(environmentId)
    expect(deployment).toMatchObject({
      status: 'succeeded',
      message: 'Nothing has changed: 10 modules stay as they are.',
    })
    expect([...counts.values()]).toEqual(Array(10).fill(1))
  })

  test('is more only for the repository that has changed', async () => {
    const { environmentId, names } = await tenRepositories('moving')
    await world.deploy(environmentId)
    await world.github.commit({ fullName: names[3] ?? '', files: { 'm3/models.py': 'x = 1\n' } })
    const { deployment, counts } = await requestsOf(environmentId)
    expect(deployment).toMatchObject({ status: 'succeeded', plan: { install: [], update: ['m3'] } })
    expect([...counts].filter(([, count]) => count > 1).map(([name]) => name)).toEqual(['r3'])
  })

  test('carries a token of an App that opens only the repository that is fetched', async () => {
    world.github.organization({ login: 'apps', members: { 'acme-bot': 'admin' } })
    for (const name of ['one', 'two']) {
      world.github.repository({
        fullName: `apps/${name}`,
        visibility: 'private',
        defaultBranch: '17.0',
        files: moduleFiles(name),
      })
    }
    const { id } = world.github.app({ owner: 'apps', slug: 'apps-deploys' })
    const { pem } = await world.github.appKey({ app: id })
    const installation = world.github.installation({ app: id, account: 'apps' })
    const connection = await world.call('connections.create', {
      ...{ provider: 'github', name: 'App' },
      credential: { kind: 'githubApp', appId: String(id), installationId: String(installation.id), privateKey: pem },
    })
    const connectionId = Object(connection).id
    const main = await world.choose(connectionId, 'apps/one', '17.0')
    const from = world.github.requests.length
    const deployment = await world.deploy(await world.environment(await world.project(main)))
    expect(deployment.status).toBe('succeeded')
    const minted = world.github.requests.slice(from).filter(({ path }) => path.endsWith('/access_tokens'))
    expect(minted.map(({ body }) => body?.repository_ids)).toEqual([[Number(main.repositoryId)]])
  })
})
