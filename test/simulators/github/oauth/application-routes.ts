import { createHash } from 'node:crypto'
import type { Hono } from 'hono'
import { z } from 'zod'
import type { SimulatorEnv } from '../../origin.ts'
import type { RecordedRequest } from '../../recording.ts'
import { simpleUser, written } from '../account-bodies.ts'
import { badCredentials, json, notFound, Refusal, requiresAuthentication } from '../answers.ts'
import { type Described, type GitHubApi, listen } from '../call.ts'
import type { GitHubToken } from '../declare.ts'
import type { OAuthClient } from './client.ts'

/** What an application asks, by its own id and secret, about the tokens that it was given; and what anybody may end. */
export function applicationRoutes(app: Hono<SimulatorEnv>, api: GitHubApi): void {
  const forClient = (described: Described, answer: (client: OAuthClient, token: GitHubToken) => Response) => {
    listen(app, api, described, async ({ req, env: { record } }) => {
      const client = clientOf(api, record, req.param('client_id') ?? '')
      return answer(client, tokenOf(api, record, client))
    })
  }
  const token = '/applications/{client_id}/token'
  forClient({ method: 'POST', template: token }, (client, found) => json(authorization(api, client, found)))
  forClient({ method: 'DELETE', template: token }, (_, found) => {
    api.grants.end(found)
    return new Response(null, { status: 204 })
  })
  forClient({ method: 'DELETE', template: '/applications/{client_id}/grant' }, (client, found) => {
    api.grants.withdraw(client, api.world.requireUser(found.user))
    return new Response(null, { status: 204 })
  })
  // GitHub Enterprise Server has no such route.
  if (api.enterpriseVersion !== null) return
  listen(app, api, { method: 'POST', template: '/credentials/revoke' }, async ({ env: { record } }) => {
    if (record.credential) throw new Refusal(403, 'This endpoint must be called without authentication.')
    api.limit.spend(null)
    const { success, data } = revocation.safeParse(record.body)
    if (!success) throw new Refusal(422, 'Validation Failed')
    for (const credential of data.credentials) if (REVOCABLE.test(credential)) api.grants.revoke(credential)
    return json({}, 202)
  })
}

const REVOCABLE = /^(ghp_|github_pat_|gho_|ghu_|ghr_)/
const sent = z.object({ access_token: z.string() })
const revocation = z.object({ credentials: z.array(z.string()).min(1).max(1000) })

/** Failures here lock no door: they are no failed sign-ins. */
function clientOf(api: GitHubApi, { credential }: RecordedRequest, clientId: string): OAuthClient {
  if (credential?.scheme !== 'basic') throw requiresAuthentication()
  const client = api.grants.clients.get(credential.username ?? '')
  if (client?.clientSecret !== credential.secret) throw badCredentials()
  if (client.clientId !== clientId) throw notFound()
  return client
}

function tokenOf({ world }: GitHubApi, { body }: RecordedRequest, { clientId }: OAuthClient): GitHubToken {
  const { success, data } = sent.safeParse(body)
  if (!success) throw new Refusal(422, 'Validation Failed')
  const token = world.tokens.get(data.access_token)
  const over = token?.expiresAt !== null && token !== undefined && token.expiresAt <= world.clock.now()
  if (!token || token.revoked || over || token.clientId !== clientId) throw notFound()
  return token
}

function authorization({ world, urls }: GitHubApi, client: OAuthClient, token: GitHubToken) {
  return {
    id: token.id,
    url: `${urls.api}/authorizations/${token.id}`,
    app: { name: client.name, url: client.callbackUrls[0] ?? urls.web, client_id: client.clientId },
    token: token.token,
    hashed_token: createHash('sha256').update(token.token).digest('hex'),
    token_last_eight: token.token.slice(-8),
    note: null,
    note_url: null,
    created_at: written(token.createdAt),
    updated_at: written(token.createdAt),
    scopes: token.scopes,
    fingerprint: null,
    expires_at: token.expiresAt ? written(token.expiresAt) : null,
    user: simpleUser(world.requireUser(token.user), 'User', urls),
  }
}
