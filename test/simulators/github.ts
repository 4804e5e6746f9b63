import { Hono } from 'hono'
import { z } from 'zod'
import { createClock } from './clock.ts'
import { action } from './control.ts'
import { gitAddress } from './git/address.ts'
import { GitStore } from './git/store.ts'
import { notFound } from './github/answers.ts'
import { appActions } from './github/app/actions.ts'
import { appRoutes } from './github/app/routes.ts'
import type { GitHubApi } from './github/call.ts'
import { requestId } from './github/call.ts'
import { organizationSchema, repositorySchema, tokenChange, tokenSchema, userSchema } from './github/declare.ts'
import { githubDialect } from './github/dialect.ts'
import { FrontDoor } from './github/front-door.ts'
import { serveGit } from './github/git-access.ts'
import { graphRoutes } from './github/graph-routes.ts'
import { metaRoutes } from './github/meta-routes.ts'
import { oauthActions } from './github/oauth/actions.ts'
import { applicationRoutes } from './github/oauth/application-routes.ts'
import { Grants } from './github/oauth/grants.ts'
import { oauthRoutes } from './github/oauth/routes.ts'
import { RateLimit } from './github/rate-limit.ts'
import { repositoryRoutes } from './github/repository-routes.ts'
import { userRoutes } from './github/user-routes.ts'
import { GitHubWorld } from './github/world.ts'
import type { SimulatorEnv } from './origin.ts'
import { common, RequestDesk, type Served, type Simulator } from './simulator.ts'

/** How a simulated GitHub is started. */
export type GitHubOptions = {
  /** `github.com`: the API on an origin of its own. `enterprise`: below `/api/v3` on the web's, as GHES has it. */
  layout?: 'github.com' | 'enterprise'
  /** The port of the web root, 0 for any. The API's own origin takes the next one, or any. */
  port?: number
  /** The time that the clock follows. */
  now?: () => Date
}

/** A simulated GitHub: its state, and what happens to it. */
export type GitHubSimulator = Awaited<ReturnType<typeof startGitHub>>

/** Starts a GitHub on loopback that keeps state, records requests and fails on demand. */
export async function startGitHub({ layout = 'github.com', port = 0, now }: GitHubOptions = {}) {
  const clock = createClock(now)
  const world = new GitHubWorld(clock)
  const grants = new Grants(world)
  const door = new FrontDoor(world, clock)
  const limit = new RateLimit(clock, layout === 'enterprise' ? null : 5000)
  const git = new GitStore()
  const actions = {
    ...worldActions({ world, door, limit, git }),
    ...oauthActions(world, grants),
    ...appActions(world, grants),
  }
  const desk = new RequestDesk({
    name: 'The simulated GitHub',
    clock,
    dialect: githubDialect(world, clock),
    actions,
    forget: () => {
      for (const part of [world, grants, door, limit]) part.clear()
      void git.clear()
    },
    close: () => git.clear(),
  })

  const urls = { web: '', api: '' }
  const routes = new Set<string>()
  const api: GitHubApi = {
    world,
    grants,
    door,
    limit,
    git,
    urls,
    routes,
    enterpriseVersion: layout === 'enterprise' ? '3.19.1' : null,
  }
  const pages = createWeb(api)
  const web: Served = {
    name: 'web',
    root: '',
    answer: async ({ request, incoming, outgoing }, record) => pages.fetch(request, { incoming, outgoing, record }),
  }
  const gitSide: Served = {
    name: 'git',
    root: '',
    answer: async (arrival, record) => {
      const address = gitAddress(record.path, record.method, record.query.service)
      if (!address) return nowhere()
      record.route = `${record.method} /{owner}/{repo}.git/${address.service}`
      return serveGit(api, address, record.credential, arrival)
    },
  }
  const area = (path: string) => (/\/(info\/refs|git-upload-pack)$/.test(path) ? gitSide : web)
  const served = (root: string): Served => {
    const app = createApi(api, root)
    return {
      name: 'api',
      root,
      answer: async ({ request, incoming, outgoing }, record) => app.fetch(request, { incoming, outgoing, record }),
    }
  }

  if (layout === 'enterprise') {
    const inside = served('/api/v3')
    const origin = await desk.open(port, (path) => (path.startsWith('/api/v3') ? inside : area(path)))
    Object.assign(urls, { web: origin.url, api: `${origin.url}/api/v3` })
  } else {
    const own = served('')
    const origin = await desk.open(port, (path) => area(path))
    const apiOrigin = await desk.open(port === 0 ? 0 : port + 1, () => own)
    Object.assign(urls, { web: origin.url, api: apiOrigin.url })
  }
  return { url: urls.web, apiUrl: urls.api, routes, ...common(desk, clock), ...actions } satisfies Simulator
}

function nowhere(): Response {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'x-github-request-id': requestId() }
  return new Response('<!DOCTYPE html><title>Page not found</title>', { status: 404, headers })
}

function createWeb(api: GitHubApi): Hono<SimulatorEnv> {
  const web = new Hono<SimulatorEnv>()
  oauthRoutes(web, api)
  web.notFound(nowhere)
  web.onError((error) => {
    throw error
  })
  return web
}

function createApi(api: GitHubApi, root: string): Hono<SimulatorEnv> {
  const app = new Hono<SimulatorEnv>().basePath(root)
  for (const routes of [userRoutes, repositoryRoutes, graphRoutes, metaRoutes, applicationRoutes, appRoutes])
    routes(app, api)
  app.notFound(() => {
    const response = notFound().toResponse()
    response.headers.set('x-github-request-id', requestId())
    return response
  })
  app.onError((error) => {
    throw error
  })
  return app
}

type World = Pick<GitHubApi, 'world' | 'door' | 'limit' | 'git'>

const named = z.object({ fullName: z.string() })

function worldActions({ world, door, limit, git }: World) {
  const commit = z.object({
    fullName: z.string(),
    branch: z.string().optional(),
    files: z.record(z.string(), z.string()),
    /** Commits of other repositories, by their paths. */
    submodules: z.record(z.string(), z.string()).default({}),
    message: z.string().default('Change files'),
  })
  return {
    user: action(userSchema, (user) => world.addUser(user)),
    organization: action(organizationSchema, (organization) => world.addOrganization(organization)),
    repository: action(repositorySchema, (repository) => world.addRepository(repository)),
    /** Mints a token and gives it. */
    token: action(tokenSchema, (token) => world.addToken(token).token),
    /** Changes what a token may do: GitHub lets its owner edit the scopes of a classic one. */
    changeToken: action(tokenChange, (change) => void Object.assign(world.requireToken(change.token), change)),
    changeUser: action(userSchema, (change) => void Object.assign(world.requireUser(change.login), change)),
    changeOrganization: action(organizationSchema, (change) => {
      Object.assign(world.requireOrganization(change.login), change)
    }),
    changeRepository: action(repositorySchema.omit({ private: true, files: true, branches: true }), (change) => {
      Object.assign(world.requireRepository(change.fullName), change)
    }),
    renameUser: action(z.object({ from: z.string(), to: z.string() }), ({ from, to }) => world.renameUser(from, to)),
    renameRepository: action(z.object({ from: z.string(), to: z.string() }), ({ from, to }) =>
      world.renameRepository(from, to),
    ),
    removeRepository: action(named, ({ fullName }) => world.removeRepository(fullName)),
    /** Adds a commit to a branch and moves the repository's `pushed_at`. */
    commit: action(commit, async ({ fullName, branch, ...change }) => {
      const repository = world.requireRepository(fullName)
      const at = world.clock.now()
      const sha = await git.commit(repository, { branch: branch ?? repository.defaultBranch, at, ...change })
      Object.assign(repository, { pushedAt: at, empty: false })
      return sha
    }),
    /** How many wrong credentials lock the door, and for how long; null takes the lock away. */
    lockout: action(
      z.object({ after: z.int().positive().nullable(), minutes: z.int().default(60) }),
      ({ after, minutes }) => {
        Object.assign(door, { lockAfter: after, lockMinutes: minutes })
      },
    ),
    rateLimit: action(
      z.object({ perHour: z.int().nullable(), status: z.union([z.literal(403), z.literal(429)]).default(403) }),
      (change) => void Object.assign(limit, change),
    ),
  }
}
