import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type GrantWorld, startGrantWorld } from '../grants/grant-world.ts'

const soon = { timeout: 40_000, interval: 100 }
vi.setConfig({ testTimeout: 60_000 })
const branchList = z.object({
  branches: z.array(
    z.object({ name: z.string(), commit: z.string(), committedAt: z.string().nullable(), default: z.boolean() }),
  ),
  nextCursor: z.string().nullable(),
})
const repositoryList = z.object({ repositories: z.array(z.object({ id: z.string() })) })

const MANY = 130
const dated = Array.from({ length: MANY }, (_, n) => ({
  name: `feature/b${n}`,
  committedAt: new Date(Date.UTC(2026, 0, 1, 0, n)),
}))
const old = { name: 'main', committedAt: new Date(Date.UTC(2020, 0, 1)) }

let world: GrantWorld
const ids: Record<string, { connectionId: string; repositoryId: string }> = {}
let lifted: { lift: () => void }[] = []

beforeAll(async () => {
  world = await startGrantWorld()
  world.github.user({ login: 'branchy' })
  await world.github.repository({
    fullName: 'branchy/shop',
    visibility: 'private',
    branches: [old, ...dated],
    files: {},
  })
  world.gitlab.user({ username: 'branchy' })
  await world.gitlab.project({ path: 'branchy/shop', visibility: 'private', branches: [old, ...dated], files: {} })
  const tokens = {
    github: await world.github.token({ kind: 'classic', user: 'branchy', scopes: ['repo', 'read:org'] }),
    gitlab: await world.gitlab.token({
      ...{ kind: 'personal', user: 'branchy', scopes: ['api', 'read_repository'], expiresAt: '2030-01-01' },
    }),
  }
  for (const provider of ['github', 'gitlab'] as const) {
    const credential = { kind: 'token', token: tokens[provider] }
    await world.call('connections.create', { provider, name: provider, credential })
    const connectionId = (await world.list()).find(({ name }) => name === provider)?.id ?? ''
    await vi.waitFor(async () => {
      const { repositories } = repositoryList.parse(await world.call('repositories.list', { connectionId }))
      expect(repositories).toHaveLength(1)
      ids[provider] = { connectionId, repositoryId: repositories[0]?.id ?? '' }
    }, soon)
  }
})
afterAll(() => world.close())
afterEach(() => {
  for (const fault of lifted) fault.lift()
  lifted = []
})

const look = async (provider: string, input: object = {}) =>
  branchList.parse(await world.call('repositories.branches', { ...ids[provider], ...input }))
const namesOf = ({ branches }: z.infer<typeof branchList>) => branches.map(({ name }) => name)

describe.each(['github', 'gitlab'] as const)('the branches of a repository at %s', (provider) => {
  test('come the default one first, then by their last commit, page by page', async () => {
    const first = await look(provider, { limit: 100 })
    const second = await look(provider, { limit: 100, cursor: first.nextCursor })
    expect([...namesOf(first), ...namesOf(second)]).toEqual(['main', ...dated.map(({ name }) => name).reverse()])
    expect(first.branches[0]).toMatchObject({ default: true, commit: expect.stringMatching(/^[0-9a-f]{40}$/) })
    expect(second.nextCursor).toBeNull()
  })

  test('are found by what stands anywhere in their names', async () => {
    expect(namesOf(await look(provider, { search: 'B12' }))).toEqual(
      ['b129', 'b128', 'b127', 'b126', 'b125', 'b124', 'b123', 'b122', 'b121', 'b120', 'b12'].map(
        (b) => `feature/${b}`,
      ),
    )
    expect(namesOf(await look(provider, { search: '%' }))).toEqual([])
  })

  test('are asked for once a minute, whatever is typed', async () => {
    await look(provider)
    const before = world[provider].requests.length
    for (const search of ['f', 'fe', 'fea']) await look(provider, { search })
    expect(world[provider].requests.length).toBe(before)
    world.clock.pass(61_000)
    await look(provider)
    expect(world[provider].requests.length).toBe(before + 2)
  })

  test('are never an empty list where they could not be read', async () => {
    world.clock.pass(61_000)
    lifted.push(world[provider].fault({ kind: 'html', status: 502 }))
    await expect(look(provider)).rejects.toThrow(/could not be read \(answer 502\)/)
  })
})

describe('where GraphQL is not to be had at GitHub', () => {
  test('the names come all the same, without dates', async () => {
    world.clock.pass(61_000)
    lifted.push(world.github.fault({ kind: 'status', status: 404, route: 'POST /graphql' }))
    const { branches } = await look('github', { limit: 200 })
    expect(branches).toHaveLength(MANY + 1)
    expect(branches[0]).toMatchObject({ name: 'main', default: true, committedAt: null })
  })
})

test('a repository that is not reached has no branches to show, and the provider is not asked', async () => {
  const before = world.gitlab.requests.length
  await expect(look('gitlab', { repositoryId: '999999' })).rejects.toThrow('does not reach that repository')
  expect(world.gitlab.requests.length).toBe(before)
})
