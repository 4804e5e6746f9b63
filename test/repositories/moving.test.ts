import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type GrantWorld, startGrantWorld } from '../grants/grant-world.ts'
import { pressConsent } from '../simulators/press-consent.ts'

const soon = { timeout: 40_000, interval: 100 }
vi.setConfig({ testTimeout: 60_000 })
const list = z.object({ repositories: z.array(z.object({ id: z.string(), fullName: z.string() })), asOf: z.string() })
const project = z.looseObject({
  repository: z.looseObject({ connectionId: z.string() }),
  addons: z.array(z.looseObject({ connectionId: z.string() })),
})
const rehearsal = z.object({
  repositories: z.array(
    z.object({
      project: z.object({ name: z.string() }),
      ...{ fullName: z.string(), branch: z.string(), outcome: z.string(), message: z.string() },
    }),
  ),
  seen: z.string(),
})

let world: GrantWorld
beforeAll(async () => {
  world = await startGrantWorld()
  for (const login of ['ada', 'ben']) world.github.user({ login })
  world.github.organization({ login: 'acme', members: { ada: 'push', ben: 'push' } })
  world.github.organization({ login: 'side', members: { ada: 'push' } })
  for (const fullName of ['acme/main', 'acme/web', 'side/extra']) {
    world.github.repository({ fullName, visibility: 'private', files: { a: 'a' } })
  }
})
afterAll(() => world.close())

const tokenOf = (user: string) => world.github.token({ kind: 'classic', user, scopes: ['repo', 'read:org'] })
const named = async (name: string) => (await world.list()).find((one) => one.name === name)?.id ?? ''

async function link(name: string, user: string): Promise<string> {
  const credential = { kind: 'token', token: await tokenOf(user) }
  await world.call('connections.create', { provider: 'github', name, credential })
  return named(name)
}

const listed = (connectionId: string) =>
  vi.waitFor(async () => list.parse(await world.call('repositories.list', { connectionId })).repositories, soon)

/** A project of these repositories, the first the main one. */
async function create(name: string, connectionId: string, ...fullNames: string[]) {
  const all = await listed(connectionId)
  const [repository, ...addons] = fullNames.map((wanted) => {
    const repositoryId = all.find(({ fullName }) => fullName === wanted)?.id
    return { connectionId, repositoryId, branch: 'main' }
  })
  const { id } = z.object({ id: z.string() }).parse(await world.call('projects.create', { name, repository, addons }))
  return async () => {
    const { repository, addons } = project.parse(await world.call('projects.get', { projectId: id }))
    return [repository, ...addons].map((one) => one.connectionId)
  }
}

const rehearse = async (connectionId: string, toConnectionId: string) =>
  rehearsal.parse(await world.call('connections.rehearseMove', { connectionId, toConnectionId }))
const move = (input: object) => world.call('connections.moveDependents', input)

describe('moving what depends on a connection to another one', () => {
  test('is tried on each repository and branch first, then done in one step', async () => {
    const from = await link('old', 'ada')
    const to = await link('new', 'ben')
    const erp = await create('ERP', from, 'acme/main', 'acme/web')
    const shop = await create('Shop', from, 'acme/web')
    const { repositories, seen } = await rehearse(from, to)
    expect(repositories).toMatchObject(
      [
        ['ERP', 'acme/main'],
        ['ERP', 'acme/web'],
        ['Shop', 'acme/web'],
      ].map(([name, fullName]) => ({ project: { name }, fullName, branch: 'main', outcome: 'works' })),
    )
    expect(await erp()).toEqual([from, from])
    const commandId = randomUUID()
    await move({ connectionId: from, toConnectionId: to, seen, commandId })
    expect(await erp()).toEqual([to, to])
    expect(await shop()).toEqual([to])
    expect(await world.call('connections.dependents', { connectionId: from })).toMatchObject({ dependents: [] })
    expect(await move({ connectionId: from, toConnectionId: to, seen, commandId })).toEqual({ repositories: [] })
  })

  test('names what the other one does not reach, moves nothing then, or only the rest where that is wanted', async () => {
    const from = await link('wide', 'ada')
    const to = await link('narrow', 'ben')
    const wide = await create('Wide', from, 'acme/main', 'side/extra')
    const { repositories, seen } = await rehearse(from, to)
    expect(repositories.map(({ outcome }) => outcome)).toEqual(['works', 'fails'])
    expect(repositories[1]?.message).toMatch(/404/)
    const moving = { connectionId: from, toConnectionId: to, seen }
    await expect(move(moving)).rejects.toThrow('"narrow" does not reach side/extra. Nothing was moved.')
    expect(await wide()).toEqual([from, from])
    await move({ ...moving, leave: true })
    expect(await wide()).toEqual([to, from])
  })

  test('sees a branch that is gone', async () => {
    const from = await link('before', 'ada')
    const to = await link('after', 'ada')
    const all = await listed(from)
    const repositoryId = all.find(({ fullName }) => fullName === 'acme/web')?.id
    await world.call('projects.create', {
      ...{ name: 'Branch', repository: { connectionId: from, repositoryId, branch: 'never' } },
    })
    const { repositories } = await rehearse(from, to)
    expect(repositories).toMatchObject([{ outcome: 'fails', message: 'It has no branch never any more.' }])
  })

  test('is refused where other projects depend on it than were seen', async () => {
    const from = await link('busy', 'ada')
    const to = await link('calm', 'ben')
    const first = await create('First', from, 'acme/main')
    const { seen } = await rehearse(from, to)
    await create('Second', from, 'acme/web')
    const moving = { connectionId: from, toConnectionId: to, seen }
    await expect(move(moving)).rejects.toMatchObject({
      code: 'HasDependents',
      message: expect.stringMatching(/Second/),
    })
    expect(await first()).toEqual([from])
  })

  test('goes to a sign-in whose token must be refreshed first', async () => {
    world.gitlab.group({ fullPath: 'shops', members: { 'lab-bot': 40 } })
    world.gitlab.project({ path: 'shops/one', visibility: 'private', files: { a: 'a' } })
    const { id: from } = await world.link({ provider: 'gitlab', name: 'first sign-in' })
    const { id: to } = await world.link({ provider: 'gitlab', name: 'second sign-in' })
    const shops = await create('Shops', from, 'shops/one')
    const { seen } = await rehearse(from, to)
    world.clock.pass(3 * 3_600_000)
    await move({ connectionId: from, toConnectionId: to, seen })
    expect(await shops()).toEqual([to])
    expect((await world.get(to)).credentialVersion).toBeGreaterThan(1)
  })

  test('says of an outage that it is no answer, and moves nothing', async () => {
    const from = await link('calling', 'ada')
    const to = await link('called', 'ben')
    const there = await create('Outage', from, 'acme/main')
    const fault = world.github.fault({ kind: 'html', status: 502, route: 'GET /repositories/*' })
    const { repositories, seen } = await rehearse(from, to)
    expect(repositories).toMatchObject([{ outcome: 'unknown' }])
    await expect(move({ connectionId: from, toConnectionId: to, seen, leave: true })).rejects.toThrow(
      'Nothing was moved',
    )
    fault.lift()
    expect(await there()).toEqual([from])
  })

  test('goes to a connection of the same instance only, that is enabled, and not to itself', async () => {
    const from = await link('here', 'ada')
    const lab = await world.gitlab.token({ kind: 'personal', user: 'lab-bot', scopes: ['read_api', 'read_repository'] })
    await world.call('connections.create', {
      provider: 'gitlab',
      name: 'lab',
      credential: { kind: 'token', token: lab },
    })
    const field = { code: 'InputInvalid' }
    await expect(rehearse(from, await named('lab'))).rejects.toMatchObject(field)
    await expect(rehearse(from, from)).rejects.toMatchObject(field)
    const off = await link('off', 'ben')
    await world.call('connections.disable', { connectionId: off })
    await expect(rehearse(from, off)).rejects.toMatchObject({ code: 'ConnectionDisabled' })
    await expect(rehearse(from, randomUUID())).rejects.toMatchObject({ code: 'ConnectionMissing' })
  })
})

describe('a new credential that reaches less than projects use', () => {
  test('replaces a token only after what is lost was shown', async () => {
    const connectionId = await link('edited', 'ada')
    await create('Edited', connectionId, 'acme/main', 'side/extra')
    const token = await tokenOf('ben')
    const replace = (changes: object) => world.call('connections.replaceToken', { connectionId, token, ...changes })
    await expect(replace({ acceptOtherAccount: true })).rejects.toMatchObject({
      code: 'RepositoriesLost',
      message: expect.stringMatching(/does not reach side\/extra, which projects use/),
    })
    expect(await world.get(connectionId)).toMatchObject({ credentialVersion: 1, account: { login: 'ada' } })
    await replace({ acceptOtherAccount: true, acceptLosses: true })
    expect(await world.get(connectionId)).toMatchObject({ credentialVersion: 2, account: { login: 'ben' } })
  })

  test('replaces one that reaches all of it without a question', async () => {
    const connectionId = await link('rotated', 'ada')
    await create('Rotated', connectionId, 'acme/main', 'side/extra')
    await world.call('connections.replaceToken', { connectionId, token: await tokenOf('ada') })
    expect(await world.get(connectionId)).toMatchObject({ credentialVersion: 2 })
  })

  test('is not blamed for a branch that is gone', async () => {
    const connectionId = await link('branchless', 'ada')
    const repositoryId = (await listed(connectionId)).find(({ fullName }) => fullName === 'acme/web')?.id
    await world.call('projects.create', {
      ...{ name: 'Gone', repository: { connectionId, repositoryId, branch: 'gone' } },
    })
    await world.call('connections.replaceToken', { connectionId, token: await tokenOf('ada') })
    expect(await world.get(connectionId)).toMatchObject({ credentialVersion: 2 })
  })

  test('waits to be confirmed when one signed in again', async () => {
    world.gitlab.group({ fullPath: 'labs', members: { 'lab-bot': 40 } })
    world.gitlab.project({ path: 'labs/shop', visibility: 'private', files: { a: 'a' } })
    const { id: connectionId } = await world.link({ provider: 'gitlab', name: 'grant' })
    await create('Labs', connectionId, 'labs/shop')
    world.gitlab.changeGroup({ fullPath: 'labs', members: {} })
    const again = async () => {
      const { authorizationId, url } = await world.authorize({ connectionId })
      await world.comeBack(await pressConsent(url))
      return authorizationId
    }
    const kept = await again()
    expect(await world.told(kept)).toMatchObject({
      status: 'confirm',
      message: expect.stringMatching(/does not reach labs\/shop, which projects use/),
    })
    await world.call('connections.confirmAuthorization', { authorizationId: kept, accept: false })
    expect((await world.get(connectionId)).credentialVersion).toBe(1)
    const taken = await again()
    await world.call('connections.confirmAuthorization', { authorizationId: taken, accept: true })
    expect((await world.get(connectionId)).credentialVersion).toBe(2)
  })
})
