import { createHash, randomUUID } from 'node:crypto'
import type { Context, Hono } from 'hono'
import type { GitStore } from '../git/store.ts'
import type { SimulatorEnv } from '../origin.ts'
import { insufficientGranularScope, insufficientScope, Refusal, unauthorized } from './answers.ts'
import { admit, type Viewer } from './front-door.ts'
import type { Grants } from './oauth/grants.ts'
import type { Throttle } from './throttle.ts'
import type { GitLabWorld } from './world.ts'

/** Everything that the routes of the API share. */
export type GitLabApi = {
  readonly world: GitLabWorld
  readonly grants: Grants
  readonly throttle: Throttle
  readonly git: GitStore
  /** The instance's own idea of its address, used in every link; without a slash at the end. */
  readonly urls: { external: string }
  /** The templates of every route, filled as they are set up. */
  readonly routes: Set<string>
}

/** One admitted call. */
export type Call = { readonly context: Context<SimulatorEnv>; readonly viewer: Viewer; readonly api: GitLabApi }

/** How a route is admitted. */
export type Route = {
  /** As GitLab's documentation writes it. */
  readonly template: string
  readonly for: 'anyone' | 'users'
  /** Any one of them opens the route; null where every token may call. */
  readonly scopes: readonly string[] | null
  /** What a granular token needs instead. */
  readonly permission?: string
  readonly answer: (call: Call) => Response | Promise<Response>
}

/** Serves a GET route the way GitLab serves every one: in the same order of checks, under the same headers. */
export function serve(app: Hono<SimulatorEnv>, api: GitLabApi, route: Route): void {
  api.routes.add(`GET ${route.template}`)
  app.get(route.template, async (context) => {
    context.env.record.route = `GET ${route.template}`
    return dressed(await answer(context, api, route), context, api)
  })
}

async function answer(context: Context<SimulatorEnv>, api: GitLabApi, route: Route): Promise<Response> {
  try {
    const { credential } = context.env.record
    const throttled = api.throttle.spend(credential?.secret ?? null)
    if (throttled) return throttled
    const viewer = admit(api.world, credential, api.urls.external)
    if (viewer) checkScope(viewer, route)
    else if (route.for === 'users') throw unauthorized()
    return await tagged(await route.answer({ context, viewer, api }), context)
  } catch (error) {
    if (error instanceof Refusal) return error.toResponse()
    throw error
  }
}

function checkScope({ token }: NonNullable<Viewer>, { scopes, permission }: Route): void {
  if (scopes === null) return
  if (token.kind === 'granular') {
    if (permission !== undefined && !token.permissions.includes(permission)) throw insufficientGranularScope(permission)
  } else if (!scopes.some((scope) => token.scopes.includes(scope))) throw insufficientScope(scopes)
}

async function tagged(response: Response, context: Context<SimulatorEnv>): Promise<Response> {
  if (response.status !== 200) return response
  const body = await response.text()
  const etag = `W/"${createHash('md5').update(body).digest('hex')}"`
  const headers = new Headers(response.headers)
  headers.set('etag', etag)
  if (context.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return new Response(body, { status: 200, headers })
}

/** The headers that nearly every answer of GitLab carries. */
export function dressed(response: Response, context: Context<SimulatorEnv>, api: GitLabApi): Response {
  const id = randomUUID().replaceAll('-', '')
  response.headers.set('x-request-id', id)
  response.headers.set('x-gitlab-meta', JSON.stringify({ correlation_id: id, version: '1' }))
  response.headers.set('vary', 'Origin')
  for (const [name, value] of Object.entries(api.throttle.headers(context.env.record.credential?.secret ?? null))) {
    response.headers.set(name, value)
  }
  return response
}
