import { createHash, randomBytes } from 'node:crypto'
import type { Context, Hono } from 'hono'
import type { GitStore } from '../git/store.ts'
import type { SimulatorEnv } from '../origin.ts'
import { badVersion, notForIntegrations, Refusal, requiresAuthentication } from './answers.ts'
import type { GitHubToken } from './declare.ts'
import { type FrontDoor, payerOf, type Viewer } from './front-door.ts'
import type { Grants } from './oauth/grants.ts'
import type { RateLimit } from './rate-limit.ts'
import type { GitHubWorld } from './world.ts'

/** Everything that the routes of the API share. */
export type GitHubApi = {
  readonly world: GitHubWorld
  readonly grants: Grants
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

/** A route as GitHub's OpenAPI description writes it. */
export type Described = {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly template: string
  /** What `x-accepted-oauth-scopes` tells. */
  readonly acceptedScopes?: string
}

/** A route for those who show a token, or nothing. */
export type Route = Described & {
  readonly for: 'anyone' | 'users'
  /** True if it costs nothing of the hourly allowance. */
  readonly free?: boolean
  readonly answer: (call: Call) => Response | Promise<Response>
}

/** Serves a route the way GitHub serves every one: in the same order of checks, under the same headers. */
export function serve(app: Hono<SimulatorEnv>, api: GitHubApi, route: Route): void {
  listen(app, api, route, async (context, known) => {
    const viewer = api.door.admit(context.env.record.credential)
    known.viewer = viewer
    const payer = payerOf(viewer)
    if (!route.free) api.limit.spend(payer)
    if (route.for === 'users' && !viewer.token) throw requiresAuthentication()
    if (route.for === 'users' && viewer.token?.kind === 'installation') throw notForIntegrations()
    const response = await tagged(await route.answer({ context, viewer, api }), context, viewer)
    if (response.status === 304) api.limit.refund(payer)
    return response
  })
}

const VERSIONS = new Set(['2022-11-28', '2026-03-10'])
const NO_USER_AGENT =
  'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.'

/** What is known of the caller by the time of the answer, for the headers that tell it. */
export type Known = { viewer: Viewer | null }

/** Registers a route whose callers prove themselves in a way of its own. */
export function listen(
  app: Hono<SimulatorEnv>,
  api: GitHubApi,
  described: Described,
  answer: (context: Context<SimulatorEnv>, known: Known) => Promise<Response>,
): void {
  const { method = 'GET', template } = described
  const route = `${method} ${template}`
  api.routes.add(route)
  app.on(method, template.replaceAll(/\{(\w+)\}/g, ':$1'), async (context) => {
    const { record } = context.env
    record.route = route
    if (!record.headers['user-agent'])
      return new Response(NO_USER_AGENT, { status: 403, headers: { 'content-type': 'text/plain' } })
    const known: Known = { viewer: null }
    try {
      const version = record.headers['x-github-api-version']
      if (version !== undefined && !VERSIONS.has(version)) throw badVersion(version)
      return dressed(await answer(context, known), api, { ...known, described })
    } catch (error) {
      if (error instanceof Refusal) return dressed(error.toResponse(), api, { ...known, described })
      throw error
    }
  })
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
  { viewer, described }: Known & { described: Described },
): Response {
  const token = viewer?.token ?? null
  const headers: Record<string, string> = {
    server: 'github.com',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    'x-github-request-id': requestId(),
    ...(api.enterpriseVersion === null ? {} : { 'x-github-enterprise-version': api.enterpriseVersion }),
    ...(viewer ? api.limit.headers(payerOf(viewer)) : {}),
    ...(token ? tokenHeaders(token, described) : {}),
  }
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

function tokenHeaders(token: GitHubToken, { acceptedScopes = '' }: Described): Record<string, string> {
  const headers: Record<string, string> = {}
  if (token.kind === 'classic' || token.kind === 'oauth') {
    headers['x-oauth-scopes'] = token.scopes.join(', ')
    headers['x-accepted-oauth-scopes'] = acceptedScopes
  } else headers['x-accepted-github-permissions'] = 'metadata=read'
  if (token.clientId !== null) headers['x-oauth-client-id'] = token.clientId
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
