import type { z } from 'zod'
import type { GitHubRepository, GitHubToken } from '../declare.ts'
import { ownerOf, sameName } from '../full-name.ts'
import { appClient } from '../oauth/client.ts'
import type { GitHubWorld } from '../world.ts'
import type { appSchema, GitHubApp, Installation, installationChange, installationSchema } from './declare.ts'

/** The GitHub Apps, and where they are installed. */
export class GitHubApps {
  readonly apps = new Map<number, GitHubApp>()
  readonly installations = new Map<number, Installation>()
  /** New tokens of installations come in one of two forms; GitHub Enterprise Server knows the short one alone. */
  tokenForm: 'long' | 'short' = 'long'
  readonly #world: GitHubWorld

  constructor(world: GitHubWorld) {
    this.#world = world
  }

  clear(): void {
    this.apps.clear()
    this.installations.clear()
    this.tokenForm = 'long'
  }

  /** Registers an App, with the bot in whose name its installations act. */
  add({ id, slug, owner, description, permissions, events, ...client }: z.output<typeof appSchema>): GitHubApp {
    const named = appClient(client)
    const app: GitHubApp = {
      ...named,
      id: id ?? 1_000_000 + this.apps.size,
      slug: slug ?? named.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      owner: this.#world.requireAccount(owner).login,
      description,
      permissions,
      events,
      createdAt: this.#world.clock.now(),
      keys: [],
    }
    this.#world.addUser({ login: botOf(app), bot: true })
    this.apps.set(app.id, app)
    return app
  }

  /** @throws {Error} when there is no such App */
  require(id: number): GitHubApp {
    const app = this.apps.get(id)
    if (!app) throw new Error(`No App ${id} at the simulated GitHub.`)
    return app
  }

  /** Deletes an App, with its installations and every token that it was given. */
  remove(id: number): GitHubApp {
    const app = this.require(id)
    for (const installation of this.of(app)) this.uninstall(installation.id)
    for (const token of this.#world.tokens.values()) if (token.clientId === app.clientId) token.revoked = true
    this.apps.delete(id)
    return app
  }

  install({ app, account, ...input }: z.output<typeof installationSchema>): Installation {
    const home = this.require(app)
    const installation: Installation = {
      id: input.id ?? 50_000_000 + this.installations.size,
      app: home,
      account: this.#world.requireAccount(account).login,
      repositoryIds: 'all',
      permissions: home.permissions,
      suspendedAt: null,
      createdAt: this.#world.clock.now(),
    }
    this.installations.set(installation.id, installation)
    this.change({ ...input, id: installation.id })
    return installation
  }

  change({ id, repositories, permissions, suspended }: z.output<typeof installationChange>): void {
    const installation = this.requireInstallation(id)
    if (repositories === 'all') installation.repositoryIds = 'all'
    else if (repositories)
      installation.repositoryIds = repositories.map((name) => this.#world.requireRepository(name).id)
    if (permissions) installation.permissions = permissions
    if (suspended !== undefined) installation.suspendedAt = suspended ? this.#world.clock.now() : null
  }

  uninstall(id: number): void {
    this.installations.delete(this.requireInstallation(id).id)
    for (const token of this.#world.tokens.values()) if (token.installation === id) token.revoked = true
  }

  /** @throws {Error} when there is no such installation */
  requireInstallation(id: number): Installation {
    const installation = this.installations.get(id)
    if (!installation) throw new Error(`No installation ${id} at the simulated GitHub.`)
    return installation
  }

  of(app: GitHubApp): Installation[] {
    return [...this.installations.values()].filter((installation) => installation.app === app)
  }

  repositoriesOf({ account, repositoryIds }: Installation): GitHubRepository[] {
    return [...this.#world.repositories.values()].filter(
      ({ id, fullName }) =>
        sameName(ownerOf(fullName), account) && (repositoryIds === 'all' || repositoryIds.includes(id)),
    )
  }

  /** What an App's token may do in a repository; null where the App, or the token, has no business there. */
  permissionsIn(token: GitHubToken, repository: GitHubRepository): GitHubToken['permissions'] | null {
    if (token.repositoryIds && !token.repositoryIds.includes(repository.id)) return null
    const mine = [...this.installations.values()].filter((installation) =>
      token.installation === null
        ? installation.app.clientId === token.clientId && installation.suspendedAt === null
        : installation.id === token.installation,
    )
    const found = mine.find((installation) => this.repositoriesOf(installation).includes(repository))
    if (!found) return null
    return token.installation === null ? found.permissions : token.permissions
  }
}

export function botOf({ slug }: GitHubApp): string {
  return `${slug}[bot]`
}
