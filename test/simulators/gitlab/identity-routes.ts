import type { Hono } from 'hono'
import type { SimulatorEnv } from '../origin.ts'
import { json, Refusal, unauthorized } from './answers.ts'
import { tokenBody, userBody } from './bodies.ts'
import { type Call, type GitLabApi, serve } from './call.ts'
import { hasExpired, secondsLeft } from './front-door.ts'

/** Who asks, with what, and of which instance. */
export function identityRoutes(app: Hono<SimulatorEnv>, api: GitLabApi): void {
  serve(app, api, { template: '/personal_access_tokens/self', for: 'users', scopes: null, answer: ownToken })
  serve(app, api, {
    template: '/user',
    for: 'users',
    scopes: ['read_user', 'api', 'read_api'],
    permission: 'User: Read',
    answer: ({ viewer }) => {
      if (!viewer) throw unauthorized()
      return json(userBody(viewer.user, api.urls.external))
    },
  })
  const instance = { for: 'users', scopes: ['read_user', 'api', 'read_api'], permission: 'Metadata: Read' } as const
  serve(app, api, { ...instance, template: '/metadata', answer: () => json(metadata(api)) })
  serve(app, api, {
    ...instance,
    template: '/version',
    answer: () => {
      const { kas: _, ...version } = metadata(api)
      return json(version)
    },
  })
}

function ownToken({ viewer, api }: Call): Response {
  if (!viewer) throw unauthorized()
  if (viewer.token.kind === 'oauth') {
    throw new Refusal(400, {
      message: '400 Bad request - This endpoint requires token type to be a personal access token',
    })
  }
  return json(tokenBody(viewer.token, viewer.user, api.world.clock.now()))
}

function metadata({ world }: GitLabApi) {
  const { version, enterprise } = world.settings
  const kas = { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null }
  return { version, revision: 'ceb07b24cb0', kas, enterprise }
}

/** What an OAuth token is good for; it never tells why one is not. Outside the API, below the instance's root. */
export function oauthTokenInfo(api: GitLabApi, secret: string | null): Response {
  const now = api.world.clock.now()
  const token = secret === null ? undefined : api.world.tokens.get(secret)
  if (token?.kind !== 'oauth' || token.revoked || hasExpired(token, now)) {
    const body = { error: 'invalid_token', error_description: 'The access token is invalid', state: 'unauthorized' }
    const challenge = `Bearer realm="Doorkeeper", error="invalid_token", error_description="${body.error_description}"`
    return json(body, 401, { 'www-authenticate': challenge })
  }
  return json({
    resource_owner_id: api.world.requireUser(token.user).id,
    scope: token.scopes,
    scopes: token.scopes,
    expires_in: secondsLeft(token, now),
    expires_in_seconds: secondsLeft(token, now),
    application: { uid: '0'.repeat(64) },
    created_at: Math.floor(token.createdAt.getTime() / 1000),
  })
}
