import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type GrantWorld, startGrantWorld } from '../grants/grant-world.ts'

const soon = { timeout: 40_000, interval: 100 }
vi.setConfig({ testTimeout: 60_000 })
const list = z.object({
  repositories: z.array(z.object({ id: z.string(), fullName: z.string() })),
  asOf: z.string().nullable(),
  reading: z.unknown(),
})
const lost = z.object({ reason: z.string(), message: z.string(), since: z.string() }).nullable()
const project = z.looseObject({
  repository: z.looseObject({ fullName: z.string(), accessLost: lost }),
  addons: z.array(z.looseObject({ fullName: z.string(), accessLost: lost })),
})
const connection = z.looseObject({
  status: z.string(),
  lostRepositories: z.array(z.looseObject({ fullName: z.string(), reason: z.string(), since: z.string() })),
})

let world: GrantWorld
let lifted: { lift: () => void }[] = []
beforeAll(async () => {
  world = await startGrantWorld()
})
afterAll(() => world.close())

/** The list, once it was read to its end at this time of the clock or later. */
async function read(connectionId: string, since = world.clock.now()) {
  return vi.waitFor(async () => {
    const seen = list.parse(await world.call('repositories.list', { connectionId }))
    expect(seen.reading).toBeNull()
    expect(Date.parse(seen.asOf ?? '')).toBeGreaterThanOrEqual(since.getTime())
    return seen.repositories
  }, soon)
}

async function again(connectionId: string): Promise<void> {
  world.clock.pass(5 * 60_000)
  await world.call('repositories.refresh', { connectionId })
  await read(connectionId)
}

/** How each provider is told what happens to somebody's access. */
const at = {
  github: {
    prepare(who: string) {
      world.github.user({ login: who })
      world.github.organization({ login: `${who}-org`, members: { [who]: 'push' } })
      for (const name of ['main', 'web']) {
        world.github.repository({ fullName: `${who}-org/${name}`, visibility: 'private', files: { a: 'a' } })
      }
      return world.github.token({ kind: 'classic', user: who, scopes: ['repo', 'read:org'] })
    },
    take: (who: string) => world.github.changeOrganization({ login: `${who}-org`, members: {} }),
    give: (who: string) => world.github.changeOrganization({ login: `${who}-org`, members: { [who]: 'push' } }),
    remove: (who: string) => world.github.removeRepository({ fullName: `${who}-org/web` }),
    rename: (who: string) => world.github.renameRepository({ from: `${who}-org/web`, to: `${who}-org/front` }),
  },
  gitlab: {
    prepare(who: string) {
      world.gitlab.user({ username: who })
      world.gitlab.group({ fullPath: `${who}-org`, members: { [who]: 40 } })
      for (const name of ['main', 'web']) {
        world.gitlab.project({ path: `${who}-org/${name}`, visibility: 'private', files: { a: 'a' } })
      }
      return world.gitlab.token({ kind: 'personal', user: who, scopes: ['read_api', 'read_repository'] })
    },
    take: (who: string) => world.gitlab.changeGroup({ fullPath: `${who}-org`, members: {} }),
    give: (who: string) => world.gitlab.changeGroup({ fullPath: `${who}-org`, members: { [who]: 40 } }),
    remove: (who: string) => world.gitlab.removeProject({ path: `${who}-org/web` }),
    rename: (who: string) => world.gitlab.moveProject({ from: `${who}-org/web`, to: `${who}-org/front` }),
  },
} as const

/** A connection of somebody, and a project of two repositories that it reaches. */
async function begin(provider: 'github' | 'gitlab', who: string) {
  const token = await at[provider].prepare(who)
  await world.call('connections.create', { provider, name: who, credential: { kind: 'token', token } })
  const connectionId = (await world.list()).find(({ name }) => name === who)?.id ?? ''
  const repositories = await read(connectionId)
  const chosen = (name: string) => {
    const repositoryId = repositories.find(({ fullName }) => fullName === `${who}-org/${name}`)?.id
    return { connectionId, repositoryId, branch: 'main' }
  }
  const wanted = { name: `Project of ${who}`, repository: chosen('main'), addons: [chosen('web')] }
  const { id } = z.object({ id: z.string() }).parse(await world.call('projects.create', wanted))
  return {
    connectionId,
    project: async () => project.parse(await world.call('projects.get', { projectId: id })),
    connection: async () => connection.parse(await world.call('connections.get', { connectionId })),
  }
}

describe.each(['github', 'gitlab'] as const)('a repository that a connection at %s reaches no more', (provider) => {
  const named = (name: string) => `${name}-${provider}`

  test('is told on the project and on the connection, which works on, and heals by itself', async () => {
    const who = named('member')
    const { connectionId, ...see } = await begin(provider, who)
    expect((await see.project()).repository.accessLost).toBeNull()
    at[provider].take(who)
    await again(connectionId)
    const { repository, addons } = await see.project()
    expect(repository.accessLost).toMatchObject({ reason: 'notFound', message: expect.stringMatching(/withdrawn/) })
    expect(addons[0]?.accessLost).toMatchObject({ reason: 'notFound' })
    const { status, lostRepositories } = await see.connection()
    expect(status).toBe('active')
    expect(lostRepositories.map(({ fullName }) => fullName)).toEqual([`${who}-org/main`, `${who}-org/web`])
    expect(lostRepositories[0]?.since).toBe(repository.accessLost?.since)
    at[provider].give(who)
    await again(connectionId)
    expect((await see.project()).repository.accessLost).toBeNull()
    expect((await see.connection()).lostRepositories).toEqual([])
  })

  test('takes no other with it', async () => {
    const who = named('one')
    const { connectionId, ...see } = await begin(provider, who)
    at[provider].remove(who)
    await again(connectionId)
    const { repository, addons } = await see.project()
    expect(repository.accessLost).toBeNull()
    expect(addons[0]?.accessLost).toMatchObject({ reason: 'notFound' })
  })

  test('is told once, however often the list is read', async () => {
    const who = named('once')
    const { connectionId, ...see } = await begin(provider, who)
    at[provider].remove(who)
    await again(connectionId)
    const first = await see.project()
    await again(connectionId)
    expect(await see.project()).toEqual(first)
  })

  test('is not one that was only renamed: the new name is shown', async () => {
    const who = named('renamer')
    const { connectionId, ...see } = await begin(provider, who)
    at[provider].rename(who)
    await again(connectionId)
    const { addons } = await see.project()
    expect(addons[0]).toMatchObject({ fullName: `${who}-org/front`, accessLost: null })
  })

  test('is not said to be lost while the provider cannot be asked about it', async () => {
    const who = named('outage')
    const { connectionId, ...see } = await begin(provider, who)
    at[provider].remove(who)
    const route = provider === 'github' ? 'GET /repositories/*' : 'GET /projects/*'
    lifted.push(world[provider].fault({ kind: 'html', status: 502, route }))
    await again(connectionId)
    expect((await see.project()).addons[0]?.accessLost).toBeNull()
    for (const fault of lifted) fault.lift()
    lifted = []
    await again(connectionId)
    expect((await see.project()).addons[0]?.accessLost).not.toBeNull()
  })
})

test('a repository that asks for single sign-on is lost for that reason, and comes back with it', async () => {
  const { connectionId, ...see } = await begin('github', 'saml')
  world.github.changeOrganization({ login: 'saml-org', members: { saml: 'push' }, samlEnforced: true })
  await again(connectionId)
  expect((await see.project()).repository.accessLost).toMatchObject({
    reason: 'singleSignOn',
    message: expect.stringMatching(/Authorize the token/),
  })
  world.github.changeOrganization({ login: 'saml-org', members: { saml: 'push' }, samlEnforced: false })
  await again(connectionId)
  expect((await see.project()).repository.accessLost).toBeNull()
})
