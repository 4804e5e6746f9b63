import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { z } from 'zod'
import { deploymentView, logLine } from '../../server/api/deployment-view.ts'
import { environmentView } from '../../server/api/environment-view.ts'
import { startGrantWorld } from '../grants/grant-world.ts'

const soon = { timeout: 60_000, interval: 50 }
const made = environmentView.pick({ id: true })
const log = logLine.array()

export type Deployment = z.infer<typeof deploymentView>

/** The manifest of a module, and the rest of what Odoo wants of it. */
export function moduleFiles(name: string, manifest = `{'name': '${name}', 'version': '17.0.1.0.0'}`) {
  return { [`${name}/__manifest__.py`]: manifest, [`${name}/__init__.py`]: '' }
}

/** What a test chooses of an environment. */
export interface Wanted {
  readonly modules?: 'all' | readonly string[]
  readonly odooVersion?: string
  readonly branch?: string
  readonly kind?: 'development' | 'staging' | 'production'
  readonly database?: string
}

/** A server with two simulated providers whose connections, projects and environments a test makes by the API. */
export async function startDeploymentWorld(settings: Readonly<Record<string, string>> = {}) {
  const deployDir = await mkdtemp(join(tmpdir(), 'releases-'))
  await chmod(deployDir, 0o755)
  const world = await startGrantWorld({ settings: { DEPLOY_DIR: deployDir, ...settings } })
  const { call, github, gitlab } = world
  const idOf = (answer: unknown) => made.parse(answer).id

  const get = async (deploymentId: string) => deploymentView.parse(await call('deployments.get', { deploymentId }))
  /** Waits until a deployment is over. */
  const over = (deploymentId: string) =>
    vi.waitFor(async () => {
      const seen = await get(deploymentId)
      if (seen.endedAt === null) throw new Error(`still ${seen.status}`)
      return seen
    }, soon)

  const tokens = new Map<string, string>()
  return {
    ...world,
    ...{ deployDir, get, over },
    /** The token of a connection to GitLab. */
    tokenOf: (connectionId: string) => tokens.get(connectionId) ?? '',
    /** A connection by token to the simulated GitHub, of somebody who owns what is made under the name. */
    async connect(login: string): Promise<string> {
      github.user({ login })
      const token = await github.token({ kind: 'classic', user: login, scopes: ['repo', 'read:org'] })
      return idOf(
        await call('connections.create', {
          provider: 'github',
          name: login,
          credential: { kind: 'token', token: String(token) },
        }),
      )
    },
    async connectGitLab(username: string): Promise<string> {
      gitlab.user({ username })
      const token = gitlab.token({ user: username, scopes: ['api', 'read_repository'] })
      const id = idOf(
        await call('connections.create', { provider: 'gitlab', name: username, credential: { kind: 'token', token } }),
      )
      tokens.set(id, token)
      return id
    },
    /** Waits until a connection has listed a repository, and gives how it is chosen. */
    choose: (connectionId: string, fullName: string, branch: string) =>
      vi.waitFor(async () => {
        const row = await world.server.shell.db
          .selectFrom('repository')
          .select('repository_id')
          .where('connection_id', '=', connectionId)
          .where('full_name', '=', fullName)
          .executeTakeFirstOrThrow()
        return { connectionId, repositoryId: row.repository_id, branch }
      }, soon),
    async project(repository: object, ...addons: object[]): Promise<string> {
      return idOf(await call('projects.create', { name: 'Shop', repository, addons }))
    },
    async environment(
      projectId: string,
      { modules = 'all', odooVersion = '17.0', ...rest }: Wanted = {},
    ): Promise<string> {
      const name = `Staging ${randomUUID().slice(0, 8)}`
      return idOf(
        await call('environments.create', { projectId, name, kind: 'staging', odooVersion, modules, ...rest }),
      )
    },
    async start(environmentId: string, input: object = {}): Promise<string> {
      return idOf(await call('deployments.start', { environmentId, ...input }))
    },
    /** Deploys, and waits for the end. */
    async deploy(environmentId: string, input: object = {}): Promise<Deployment> {
      return over(idOf(await call('deployments.start', { environmentId, ...input })))
    },
    async again(what: 'retry' | 'rollBack', deploymentId: string): Promise<Deployment> {
      return over(idOf(await call(`deployments.${what}`, { deploymentId })))
    },
    async log(deploymentId: string, input: object = {}) {
      const answer = await call('deployments.log', { deploymentId, ...input })
      return log.parse(Object(answer).lines)
    },
    async close() {
      await world.close()
      await rm(deployDir, { recursive: true, force: true })
    },
  }
}
export type DeploymentWorld = Awaited<ReturnType<typeof startDeploymentWorld>>
