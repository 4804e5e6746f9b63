import { Hono } from 'hono'
import { z } from 'zod'
import { createClock } from './clock.ts'
import { action } from './control.ts'
import { gitAddress } from './git/address.ts'
import { GitStore } from './git/store.ts'
import { Refusal } from './gitlab/answers.ts'
import { dressed, type GitLabApi } from './gitlab/call.ts'
import { groupSchema, projectSchema, tokenChange, tokenSchema, userSchema } from './gitlab/declare.ts'
import { gitlabDialect } from './gitlab/dialect.ts'
import { serveGit } from './gitlab/git-access.ts'
import { identityRoutes } from './gitlab/identity-routes.ts'
import { oauthActions } from './gitlab/oauth/actions.ts'
import { Grants } from './gitlab/oauth/grants.ts'
import { oauthRoutes } from './gitlab/oauth/routes.ts'
import { projectRoutes } from './gitlab/project-routes.ts'
import { Throttle } from './gitlab/throttle.ts'
import { dateAfter, GitLabWorld } from './gitlab/world.ts'
import type { Arrival, SimulatorEnv } from './origin.ts'
import type { RecordedRequest } from './recording.ts'
import { common, RequestDesk, type Served, type Simulator } from './simulator.ts'

/** How a simulated GitLab is started. */
export type GitLabOptions = {
  /** Where on its host it lives, such as `/gitlab`; the root when left out. */
  path?: string
  /** 0 for any. */
  port?: number
  /** The address that the instance believes to have, where a proxy or an old setting makes it another. */
  externalUrl?: string
  /** The time that the clock follows. */
  now?: () => Date
}

/** A simulated GitLab: its state, and what happens to it. */
export type GitLabSimulator = Awaited<ReturnType<typeof startGitLab>>

/** Starts a GitLab on loopback that keeps state, records requests and fails on demand. */
export async function startGitLab({ path = '', port = 0, externalUrl, now }: GitLabOptions = {}) {
  const clock = createClock(now)
  const world = new GitLabWorld(clock)
  const grants = new Grants(world)
  const throttle = new Throttle(clock)
  const git = new GitStore()
  const urls = { external: '' }
  const routes = new Set<string>()
  const api: GitLabApi = { world, grants, throttle, git, urls, routes }
  const actions = { ...worldActions(api), ...oauthActions(world, grants) }
  const desk = new RequestDesk({
    name: 'The simulated GitLab',
    clock,
    dialect: gitlabDialect(clock),
    actions,
    forget: () => {
      for (const part of [world, grants, throttle]) part.clear()
      void git.clear()
    },
    close: () => git.clear(),
  })
  const app = createApi(api, `${path}/api/v4`)
  const web = createWeb(api, path)
  const served: Record<'api' | 'git' | 'web' | 'outside', Served> = {
    api: {
      name: 'api',
      root: `${path}/api/v4`,
      answer: async ({ request, incoming, outgoing }, record) => app.fetch(request, { incoming, outgoing, record }),
    },
    git: { name: 'git', root: path, answer: (arrival, record) => answerGit(api, arrival, record) },
    web: {
      name: 'web',
      root: path,
      answer: async ({ request, incoming, outgoing }, record) => web.fetch(request, { incoming, outgoing, record }),
    },
    outside: { name: 'outside', root: '', answer: async () => new Response('Not here.', { status: 404 }) },
  }
  const origin = await desk.open(port, (asked) => {
    if (path !== '' && asked !== path && !asked.startsWith(`${path}/`)) return served.outside
    if (asked.startsWith(`${path}/api/v4`)) return served.api
    return /\/(info\/refs|git-upload-pack)$/.test(asked) ? served.git : served.web
  })
  const url = `${origin.url}${path}`
  urls.external = externalUrl ?? url
  return { url, apiUrl: `${url}/api/v4`, routes, ...common(desk, clock), ...actions } satisfies Simulator
}

async function answerGit(api: GitLabApi, arrival: Arrival, record: RecordedRequest): Promise<Response> {
  const address = gitAddress(record.path, record.method, record.query.service)
  if (!address) return nowhere()
  record.route = `${record.method} /:project.git/${address.service}`
  return serveGit(api, address, record.credential, arrival)
}

function createWeb(api: GitLabApi, root: string): Hono<SimulatorEnv> {
  const web = new Hono<SimulatorEnv>().basePath(root)
  oauthRoutes(web, api)
  web.notFound(nowhere)
  web.onError((error) => {
    throw error
  })
  return web
}

function nowhere(): Response {
  const page = '<!DOCTYPE html><html><head><title>Not Found</title></head></html>'
  return new Response(page, { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } })
}

function createApi(api: GitLabApi, root: string): Hono<SimulatorEnv> {
  const app = new Hono<SimulatorEnv>().basePath(root)
  for (const routes of [identityRoutes, projectRoutes]) routes(app, api)
  app.notFound((context) => dressed(new Refusal(404, { error: '404 Not Found' }).toResponse(), context, api))
  app.onError((error) => {
    throw error
  })
  return app
}

const shown = z.object({ token: z.string() })
const paths = z.object({ from: z.string(), to: z.string() })

function worldActions({ world, throttle, git }: GitLabApi) {
  const commit = z.object({
    path: z.string(),
    branch: z.string().optional(),
    files: z.record(z.string(), z.string()),
    /** Commits of other repositories, by their paths. */
    submodules: z.record(z.string(), z.string()).default({}),
    message: z.string().default('Change files'),
  })
  return {
    user: action(userSchema, (user) => world.addUser(user)),
    group: action(groupSchema, (group) => world.addGroup(group)),
    project: action(projectSchema, (project) => world.addProject(project)),
    /** Mints a token and gives it. */
    token: action(tokenSchema, (token) => world.addToken(token).token),
    revoke: action(shown, ({ token }) => void Object.assign(world.requireToken(token), { revoked: true })),
    /** Ends a token now: its date is today's, and an OAuth token's two hours are over. */
    expire: action(shown, ({ token }) => {
      const now = world.clock.now()
      const found = world.requireToken(token)
      if (found.kind === 'oauth') found.createdAt = new Date(now.getTime() - 2 * 3600_000)
      else found.expiresAt = dateAfter(now, 0)
    }),
    /** Takes the token's row away, as GitLab does some time after its end: nothing tells any more what it was. */
    forget: action(shown, ({ token }) => void world.tokens.delete(token)),
    changeToken: action(tokenChange, (change) => void Object.assign(world.requireToken(change.token), change)),
    changeUser: action(userSchema, (change) => void Object.assign(world.requireUser(change.username), change)),
    changeGroup: action(groupSchema, (change) => void Object.assign(world.requireGroup(change.fullPath), change)),
    changeProject: action(projectSchema.omit({ files: true, branches: true }), (change) => {
      Object.assign(world.requireProject(change.path), change)
    }),
    moveProject: action(paths, ({ from, to }) => world.moveProject(from, to)),
    removeProject: action(z.object({ path: z.string() }), ({ path }) => world.removeProject(path)),
    /** Adds a commit to a branch and moves the project's last activity. */
    commit: action(commit, async ({ path, branch, ...change }) => {
      const project = world.requireProject(path)
      const at = world.clock.now()
      const sha = await git.commit(project, { branch: branch ?? project.defaultBranch, at, ...change })
      Object.assign(project, { lastActivityAt: at, empty: false })
      return sha
    }),
    settings: action(
      z
        .object({
          version: z.string(),
          enterprise: z.boolean(),
          impersonationEnabled: z.boolean(),
          codeReuseRevokes: z.boolean(),
        })
        .partial(),
      (change) => void Object.assign(world.settings, change),
    ),
    throttle: action(
      z.object({ perMinute: z.int().positive().nullable() }),
      (change) => void Object.assign(throttle, change),
    ),
  }
}
