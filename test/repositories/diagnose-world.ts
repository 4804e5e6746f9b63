import { expect, vi } from 'vitest'
import { z } from 'zod'
import { diagnosis } from '../../server/repositories/diagnosis.ts'
import { type GrantWorld, startGrantWorld } from '../grants/grant-world.ts'

const soon = { timeout: 40_000, interval: 100 }
const list = z.object({
  repositories: z.array(z.object({ id: z.string(), fullName: z.string() })),
  asOf: z.string().nullable(),
  reading: z.unknown(),
})
export type ProviderName = 'github' | 'gitlab'

/** A server with both providers, where people paste addresses. */
export async function startDiagnoses() {
  const world = await startGrantWorld()

  /** The list, once it was read to its end at this time of the clock or later. */
  async function read(connectionId: string, since = world.clock.now()) {
    return vi.waitFor(async () => {
      const seen = list.parse(await world.call('repositories.list', { connectionId, limit: 200 }))
      expect(seen.reading).toBeNull()
      expect(Date.parse(seen.asOf ?? '')).toBeGreaterThanOrEqual(since.getTime())
      return seen.repositories
    }, soon)
  }

  /** Links an account, and waits until its list was read. */
  async function linkBy(provider: ProviderName, name: string, credential: object): Promise<string> {
    await world.call('connections.create', { provider, name, credential })
    const connectionId = (await world.list()).find((connection) => connection.name === name)?.id ?? ''
    await read(connectionId)
    return connectionId
  }

  return {
    ...world,
    read,
    linkBy,
    async again(connectionId: string, passMs = 5 * 60_000) {
      world.clock.pass(passMs)
      await world.call('repositories.refresh', { connectionId })
      return read(connectionId)
    },
    diagnose: async (connectionId: string, url: string) =>
      diagnosis.parse(await world.call('repositories.diagnose', { connectionId, url })),
    /** A person of an organization or group named after them, with the repositories "shop" and "web". */
    async person(provider: ProviderName, who: string) {
      const at = hands(world)[provider]
      const token = String(await at.person(who))
      for (const name of ['shop', 'web']) await at.repository(`${who}-org/${name}`)
      return { ...at, token, connectionId: await linkBy(provider, who, { kind: 'token', token }) }
    },
  }
}
export type Diagnoses = Awaited<ReturnType<typeof startDiagnoses>>

/** How each provider is told what there is. */
function hands(world: GrantWorld) {
  const files = { a: 'a' }
  return {
    github: {
      url: world.github.url,
      async person(login: string) {
        await world.github.user({ login })
        await world.github.organization({ login: `${login}-org`, members: { [login]: 'push' } })
        return world.github.token({ kind: 'classic', user: login, scopes: ['repo', 'read:org'] })
      },
      repository: (fullName: string, more: { archived?: boolean; public?: boolean } = {}) =>
        world.github.repository({
          ...{ fullName, files, archived: more.archived ?? false },
          visibility: more.public ? 'public' : 'private',
        }),
      stranger: (login: string) => world.github.user({ login }),
      rename: (from: string, to: string) => world.github.renameRepository({ from, to }),
      remove: (fullName: string) => world.github.removeRepository({ fullName }),
      revoke: (token: string) => world.github.revoke({ token }),
      route: 'GET /repos/**',
    },
    gitlab: {
      url: world.gitlab.url,
      async person(username: string) {
        await world.gitlab.user({ username })
        await world.gitlab.group({ fullPath: `${username}-org`, members: { [username]: 40 } })
        return world.gitlab.token({ kind: 'personal', user: username, scopes: ['read_api', 'read_repository'] })
      },
      repository: (path: string, more: { archived?: boolean; public?: boolean } = {}) =>
        world.gitlab.project({
          ...{ path, files, archived: more.archived ?? false },
          visibility: more.public ? 'public' : 'private',
        }),
      stranger: (username: string) => world.gitlab.user({ username }),
      rename: (from: string, to: string) => world.gitlab.moveProject({ from, to }),
      remove: (path: string) => world.gitlab.removeProject({ path }),
      revoke: (token: string) => world.gitlab.revoke({ token }),
      route: 'GET /projects/*',
    },
  } as const
}
