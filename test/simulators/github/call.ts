import { createHash, randomBytes } from 'node:crypto'
import type { Context, Hono } from 'hono'
import type { GitStore } from '../git/store.ts'
import type { SimulatorEnv } from '../origin.ts'
import { badVersion, notForIntegrations, Refusal, requiresAuthentication } from './answers.ts'
import type { GitHubToken } from './declare.ts'
import type { FrontDoor, Viewer } from './front-door.ts'
import type { RateLimit } from './rate-limit.ts'
import type { GitHubWorld } from './world.ts'

/** Everything that the routes of the API share. */
export type GitHubApi = {
  readonly world: GitHubWorld
  readonly door: FrontDoor
  readonly limit: RateLimit
  readonly git: GitStore
  /** Web root and API root, without a slash at the end. */
  readonly urls: { web: string; api: string }
  /** The templates of every route, filled as they are set up. */
  readonly routes: Set<string>
  /** The version that GitHub Enterprise Server tells; null at github.com. */
  readonly enterpriseVersion: string | null
}

/** One admitted call. */
export type Call = { readonly context: Context<SimulatorEnv>; readonly viewer: Viewer; readonly api: GitHubApi }

/** How a route is admitted and described. */
export type Route = {
  /** As GitHub's OpenAPI description writes it. */
  readonly template: string
  readonly for: 'anyone' | 'users'
  /** What `x-accepted-oauth-scopes` tells. */
  readonly acceptedScopes: string
  /** True if it costs nothing of the hourly allowance. */
  readonly free?: boolean
  readonly answer: (call: Call) => Response | Promise<Response>
}

const VERSIONS = new Set(['2022-11-28', '2026-03-10'])

/** Serves a GET route the way GitHub serves every one: in the same order of checks, under the same headers. */
export function serve(app: Hono<SimulatorEnv>, api: GitHubApi, route: Route): void {
  api.routes.add(`GET ${route.template}`)
  app.get(route.template.replaceAll(/\{(\w+)\}/g, ':$1'), (context) => {
    context.env.record.route = `GET ${route.template}`
    return answer(context, api, route)
  })
}

async function answer(context: Context<SimulatorEnv>, api: GitHubApi, route: Route): Promise<Response> {
  const { headers, credential } = context.env.record
  if (!headers['user-agent']) {
    return new Response(
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
      {
        status: 403,
        headers: { 'content-type': 'text/plain' },
      },
    )
  }
  let viewer: Viewer | null = null
  try {
    const version = headers['x-github-api-version']
    if (version !== undefined && !VERSIONS.has(version)) throw badVersion(version)
    viewer = api.door.admit(credential)
    const payer = viewer.user?.id ?? null
    if (!route.free) api.limit.spend(payer)
    if (route.for === 'users' && !viewer.token) throw requiresAuthentication()
    if (route.for === 'users' && viewer.token?.kind === 'installation') throw notForIntegrations()
    const response = await tagged(await route.answer({ context, viewer, api }), context, viewer)
    if (response.status === 304) api.limit.refund(payer)
    return dressed(response, api, { viewer, route })
  } catch (error) {
    if (error instanceof Refusal) return dressed(error.toResponse(), api, { viewer, route })
    throw error
  }
}

/** Adds the ETag, which differs for each token, and answers 304 where the caller holds the same. */
async function tagged(response: Response, context: Context<SimulatorEnv>, viewer: Viewer): Promise<Response> {
  if (response.status !== 200) return response
  const body = await response.text()
  const etag = `W/"${createHash('sha256').update(`${viewer.token?.token}\n${body}`).digest('hex')}"`
  const headers = new Headers(response.headers)
  headers.set('etag', etag)
  if (context.req.header('if-none-match') === etag) {
    headers.delete('content-type')
    return new Response(null, { status: 304, headers })
  }
  return new Response(body, { status: 200, headers })
}

function dressed(
  response: Response,
  api: GitHubApi,
  { viewer, route }: { viewer: Viewer | null; route: Route },
): Response {
  const token = viewer?.token ?? null
  const headers: Record<string, string> = {
    server: 'github.com',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    'x-github-request-id': requestId(),
    ...(api.enterpriseVersion === null ? {} : { 'x-github-enterprise-version': api.enterpriseVersion }),
    ...(viewer ? api.limit.headers(viewer.user?.id ?? null) : {}),
    ...(token ? tokenHeaders(token, route) : {}),
  }
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

function tokenHeaders(token: GitHubToken, route: Route): Record<string, string> {
  const headers: Record<string, string> = {}
  if (token.kind === 'classic' || token.kind === 'oauth') {
    headers['x-oauth-scopes'] = token.scopes.join(', ')
    headers['x-accepted-oauth-scopes'] = route.acceptedScopes
  } else headers['x-accepted-github-permissions'] = 'metadata=read'
  if (token.expiresAt)
    headers['github-authentication-token-expiration'] = writtenExpiry(token.expiresAt, token.expiryForm)
  return headers
}

/** The end of a token in one of the two forms in which GitHub writes it. */
function writtenExpiry(at: Date, form: 'utc' | 'offset'): string {
  if (form === 'utc') return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  const twoHoursEast = new Date(at.getTime() + 2 * 3600_000)
  return `${twoHoursEast.toISOString().slice(0, 19).replace('T', ' ')} +0200`
}

/** GitHub's form: groups of hexadecimal digits with colons between. */
export function requestId(): string {
  const digits = randomBytes(14).toString('hex').toUpperCase()
  return `${digits.slice(0, 4)}:${digits.slice(4, 10)}:${digits.slice(10, 16)}:${digits.slice(16, 22)}:${digits.slice(22)}`
}
