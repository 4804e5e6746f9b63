import type { z } from 'zod'
import type { SimulatedClock } from '../clock.ts'
import { ReplicaLag } from '../replica-lag.ts'
import { GitHubApps } from './app/apps.ts'
import {
  type GitHubOrganization,
  type GitHubRepository,
  type GitHubToken,
  type GitHubUser,
  ORGANIZATION,
  type organizationSchema,
  REPOSITORY,
  type Role,
  type repositorySchema,
  TOKEN,
  USER,
  type userSchema,
} from './declare.ts'
import { ownerOf, sameName } from './full-name.ts'
import { mintToken } from './tokens.ts'

/** What exists at the simulated GitHub. Logins and full names are found without regard to case, as GitHub does. */
export class GitHubWorld {
  readonly users = new Map<string, GitHubUser>()
  readonly organizations = new Map<string, GitHubOrganization>()
  readonly repositories = new Map<number, GitHubRepository>()
  readonly tokens = new Map<string, GitHubToken>()
  readonly clock: SimulatedClock
  readonly lag: ReplicaLag
  readonly apps: GitHubApps
  readonly #names = new Map<string, number>()
  readonly #formerNames = new Map<string, number>()
  #lastId = 1000

  constructor(clock: SimulatedClock) {
    this.clock = clock
    this.lag = new ReplicaLag(clock)
    this.apps = new GitHubApps(this)
  }

  clear(): void {
    for (const things of [this.users, this.organizations, this.repositories, this.tokens]) things.clear()
    for (const names of [this.#names, this.#formerNames]) names.clear()
    this.lag.clear()
    this.apps.clear()
  }

  addUser(input: z.output<typeof userSchema>): GitHubUser {
    const user = { ...USER, id: this.#nextId(), createdAt: this.clock.now(), ...input }
    this.users.set(user.login.toLowerCase(), user)
    return user
  }

  addOrganization(input: z.output<typeof organizationSchema>): GitHubOrganization {
    const organization = { ...ORGANIZATION, id: this.#nextId(), createdAt: this.clock.now(), members: {}, ...input }
    this.organizations.set(organization.login.toLowerCase(), organization)
    return organization
  }

  addRepository({ private: closed = true, ...input }: z.output<typeof repositorySchema>): GitHubRepository {
    const owner = ownerOf(input.fullName)
    if (!this.findUser(owner) && !this.findOrganization(owner)) {
      throw new Error(`Declare the user or organization ${owner} before its repository ${input.fullName}.`)
    }
    const now = this.clock.now()
    const repository: GitHubRepository = {
      ...REPOSITORY,
      id: this.#nextId(),
      visibility: closed ? 'private' : 'public',
      pushedAt: now,
      createdAt: now,
      collaborators: {},
      files: { 'README.md': `# ${input.fullName}\n` },
      ...input,
    }
    const name = repository.fullName.toLowerCase()
    // A name that is taken anew no longer leads to the repository that once had it.
    this.#formerNames.delete(name)
    this.#names.set(name, repository.id)
    this.repositories.set(repository.id, repository)
    return repository
  }

  addToken(input: Partial<GitHubToken> & { user: string }): GitHubToken {
    const { login } = this.requireUser(input.user)
    const token: GitHubToken = {
      ...TOKEN,
      id: this.#nextId(),
      token: mintToken(input.kind ?? TOKEN.kind),
      scopes: ['repo', 'read:org'],
      ssoAuthorized: [],
      permissions: { contents: 'read' },
      resourceOwner: login,
      createdAt: this.clock.now(),
      ...input,
    }
    this.tokens.set(token.token, token)
    return token
  }

  findUser(login: string): GitHubUser | undefined {
    return this.users.get(login.toLowerCase())
  }

  /** @throws {Error} when nobody has this login */
  requireUser(login: string): GitHubUser {
    const user = this.findUser(login)
    if (!user) throw new Error(`No user ${login} at the simulated GitHub.`)
    return user
  }

  /** Gives somebody another login; the id, tokens, repositories and memberships stay theirs. */
  renameUser(from: string, to: string): void {
    const user = this.requireUser(from)
    this.users.delete(from.toLowerCase())
    user.login = to
    this.users.set(to.toLowerCase(), user)
    for (const token of this.tokens.values()) {
      if (sameName(token.user, from)) token.user = to
      if (sameName(token.resourceOwner, from)) token.resourceOwner = to
    }
    for (const { members } of this.organizations.values()) moveKey(members, from, to)
    for (const { fullName, collaborators } of this.repositories.values()) {
      moveKey(collaborators, from, to)
      if (sameName(ownerOf(fullName), from)) this.renameRepository(fullName, `${to}${fullName.slice(from.length)}`)
    }
  }

  /** @throws {Error} when neither a person nor an organization has this login */
  requireAccount(login: string): GitHubUser | GitHubOrganization {
    return this.findOrganization(login) ?? this.requireUser(login)
  }

  findOrganization(login: string): GitHubOrganization | undefined {
    return this.organizations.get(login.toLowerCase())
  }

  /** @throws {Error} when no organization has this login */
  requireOrganization(login: string): GitHubOrganization {
    const organization = this.findOrganization(login)
    if (!organization) throw new Error(`No organization ${login} at the simulated GitHub.`)
    return organization
  }

  /** @throws {Error} when there is no such token */
  requireToken(token: string): GitHubToken {
    const found = this.tokens.get(token)
    if (!found) throw new Error('No such token at the simulated GitHub.')
    return found
  }

  findRepository(fullName: string): GitHubRepository | undefined {
    return this.repositories.get(this.#names.get(fullName.toLowerCase()) ?? 0)
  }

  /** @throws {Error} when no repository has this name now */
  requireRepository(fullName: string): GitHubRepository {
    const repository = this.findRepository(fullName)
    if (!repository) throw new Error(`No repository ${fullName} at the simulated GitHub.`)
    return repository
  }

  /** The repository that had this name before it was renamed, while nobody else took the name. */
  findRenamed(fullName: string): GitHubRepository | undefined {
    return this.repositories.get(this.#formerNames.get(fullName.toLowerCase()) ?? 0)
  }

  renameRepository(from: string, to: string): void {
    const repository = this.requireRepository(from)
    this.#names.delete(from.toLowerCase())
    this.#formerNames.set(from.toLowerCase(), repository.id)
    repository.fullName = to
    this.#names.set(to.toLowerCase(), repository.id)
  }

  removeRepository(fullName: string): void {
    this.repositories.delete(this.requireRepository(fullName).id)
    this.#names.delete(fullName.toLowerCase())
  }

  /** What somebody may do in a repository by owning it, membership or invitation; null for nothing beyond the public. */
  roleOf(login: string, repository: GitHubRepository): { role: Role; affiliation: Affiliation } | null {
    const owner = ownerOf(repository.fullName)
    if (sameName(owner, login)) return { role: 'admin', affiliation: 'owner' }
    const invited = repository.collaborators[login]
    if (invited) return { role: invited, affiliation: 'collaborator' }
    const role = this.findOrganization(owner)?.members[login]
    return role ? { role, affiliation: 'organization_member' } : null
  }

  #nextId(): number {
    return ++this.#lastId
  }
}

/** How somebody comes to a repository, in the words of the `affiliation` parameter. */
export type Affiliation = 'owner' | 'collaborator' | 'organization_member'

function moveKey(record: Record<string, Role>, from: string, to: string): void {
  const role = record[from]
  if (!role) return
  delete record[from]
  record[to] = role
}
