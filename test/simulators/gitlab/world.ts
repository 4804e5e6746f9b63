import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { SimulatedClock } from '../clock.ts'
import { ReplicaLag } from '../replica-lag.ts'
import {
  type AccessLevel,
  type GitLabGroup,
  type GitLabProject,
  type GitLabToken,
  type GitLabUser,
  GROUP,
  type groupSchema,
  PROJECT,
  type projectSchema,
  TOKEN,
  type tokenSchema,
  USER,
  type userSchema,
} from './declare.ts'
import { mintToken } from './tokens.ts'

/** What an administrator set for the whole instance. */
export type InstanceSettings = {
  version: string
  enterprise: boolean
  impersonationEnabled: boolean
  /** True where the second use of an authorization code also revokes the token of the first, as newest versions do. */
  codeReuseRevokes: boolean
}

const SETTINGS: InstanceSettings = {
  version: '18.6.1-ee',
  enterprise: true,
  impersonationEnabled: true,
  codeReuseRevokes: false,
}

/** What exists at the simulated GitLab. Paths are found without regard to case, as GitLab does. */
export class GitLabWorld {
  readonly users = new Map<string, GitLabUser>()
  readonly groups = new Map<string, GitLabGroup>()
  readonly projects = new Map<number, GitLabProject>()
  readonly tokens = new Map<string, GitLabToken>()
  readonly settings: InstanceSettings = { ...SETTINGS }
  readonly clock: SimulatedClock
  readonly lag: ReplicaLag
  readonly #paths = new Map<string, number>()
  readonly #formerPaths = new Map<string, number>()
  #lastId = 100

  constructor(clock: SimulatedClock) {
    this.clock = clock
    this.lag = new ReplicaLag(clock)
  }

  clear(): void {
    for (const things of [this.users, this.groups, this.projects, this.tokens]) things.clear()
    for (const paths of [this.#paths, this.#formerPaths]) paths.clear()
    Object.assign(this.settings, SETTINGS)
    this.lag.clear()
  }

  addUser(input: z.output<typeof userSchema>): GitLabUser {
    const { username } = input
    const email = `${username}@example.com`
    const user = { ...USER, id: this.#nextId(), name: username, email, createdAt: this.clock.now(), ...input }
    this.users.set(username.toLowerCase(), user)
    return user
  }

  addGroup(input: z.output<typeof groupSchema>): GitLabGroup {
    const name = lastPart(input.fullPath)
    const group = { ...GROUP, id: this.#nextId(), name, members: {}, ...input }
    this.groups.set(group.fullPath.toLowerCase(), group)
    return group
  }

  addProject(input: z.output<typeof projectSchema>): GitLabProject {
    const namespace = namespaceOf(input.path)
    if (!this.groups.has(namespace.toLowerCase()) && !this.users.has(namespace.toLowerCase())) {
      throw new Error(`Declare the group or user ${namespace} before its project ${input.path}.`)
    }
    const now = this.clock.now()
    const project: GitLabProject = {
      ...PROJECT,
      id: this.#nextId(),
      lastActivityAt: now,
      createdAt: now,
      members: {},
      files: { 'README.md': `# ${input.path}\n` },
      ...input,
    }
    const path = project.path.toLowerCase()
    this.#formerPaths.delete(path)
    this.#paths.set(path, project.id)
    this.projects.set(project.id, project)
    return project
  }

  addToken(input: z.output<typeof tokenSchema>): GitLabToken {
    const user = this.#bearerOf(input)
    const kind = input.kind ?? TOKEN.kind
    const token: GitLabToken = {
      ...TOKEN,
      id: this.#nextId(),
      token: mintToken(kind, { form: input.form ?? TOKEN.form, userId: user.id }),
      name: 'A token',
      scopes: kind === 'granular' ? ['granular'] : ['read_api', 'read_repository'],
      expiresAt: kind === 'service-account' || kind === 'oauth' ? null : dateAfter(this.clock.now(), 90),
      createdAt: this.clock.now(),
      permissions: [],
      ...input,
      user: user.username,
    }
    this.tokens.set(token.token, token)
    return token
  }

  /** @throws {Error} when nobody has this name */
  requireUser(username: string): GitLabUser {
    const user = this.users.get(username.toLowerCase())
    if (!user) throw new Error(`No user ${username} at the simulated GitLab.`)
    return user
  }

  /** @throws {Error} when there is no such group */
  requireGroup(fullPath: string): GitLabGroup {
    const group = this.groups.get(fullPath.toLowerCase())
    if (!group) throw new Error(`No group ${fullPath} at the simulated GitLab.`)
    return group
  }

  /** @throws {Error} when no project has this path now */
  requireProject(path: string): GitLabProject {
    const project = this.findProject(path)
    if (!project) throw new Error(`No project ${path} at the simulated GitLab.`)
    return project
  }

  /** @throws {Error} when there is no such token */
  requireToken(token: string): GitLabToken {
    const found = this.tokens.get(token)
    if (!found) throw new Error('No such token at the simulated GitLab.')
    return found
  }

  findProject(path: string): GitLabProject | undefined {
    return this.projects.get(this.#paths.get(path.toLowerCase()) ?? 0)
  }

  /** The project that had this path before it moved, while nothing else took the path. */
  findMoved(path: string): GitLabProject | undefined {
    return this.projects.get(this.#formerPaths.get(path.toLowerCase()) ?? 0)
  }

  moveProject(from: string, to: string): void {
    const project = this.requireProject(from)
    this.#paths.delete(from.toLowerCase())
    this.#formerPaths.set(from.toLowerCase(), project.id)
    project.path = to
    this.#paths.set(to.toLowerCase(), project.id)
  }

  removeProject(path: string): void {
    this.projects.delete(this.requireProject(path).id)
    this.#paths.delete(path.toLowerCase())
  }

  /** The groups that hold a project, the nearest first. */
  groupsOver(path: string): GitLabGroup[] {
    const parts = path.split('/').slice(0, -1)
    const paths = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
    return paths.flatMap((fullPath) => this.groups.get(fullPath.toLowerCase()) ?? [])
  }

  /** What somebody may do in a project: the most that the project or a group over it grants; null for nothing. */
  levels(username: string, project: GitLabProject): { project: AccessLevel | null; group: AccessLevel | null } {
    const owned = namespaceOf(project.path).toLowerCase() === username.toLowerCase()
    const inGroups = this.groupsOver(project.path).flatMap(({ members }) => members[username] ?? [])
    const group = inGroups.reduce<AccessLevel | null>(
      (most, level) => (most !== null && most > level ? most : level),
      null,
    )
    return { project: owned ? 50 : (project.members[username] ?? null), group }
  }

  #bearerOf({ kind, of, user, accessLevel = TOKEN.accessLevel }: z.output<typeof tokenSchema>): GitLabUser {
    if (kind !== 'project' && kind !== 'group') return this.requireUser(user ?? '')
    const home = kind === 'project' ? this.requireProject(of ?? '') : this.requireGroup(of ?? '')
    const username = `${kind}_${home.id}_bot_${randomBytes(16).toString('hex')}`
    home.members[username] = accessLevel
    return this.addUser({ username, name: `${kind} bot`, bot: true })
  }

  #nextId(): number {
    return ++this.#lastId
  }
}

/** The path of the group or person that a project belongs to. */
export function namespaceOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A date in UTC, some days after an instant. */
export function dateAfter(at: Date, days: number): string {
  return new Date(at.getTime() + days * 86_400_000).toISOString().slice(0, 10)
}
