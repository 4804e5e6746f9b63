import { json } from '../answers.ts'
import type { GitLabApi } from '../call.ts'
import { hasExpired, secondsLeft } from '../front-door.ts'

/** What an OAuth token is good for; it never tells why one is not. */
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
    application: { uid: token.application ?? '0'.repeat(64) },
    created_at: Math.floor(token.createdAt.getTime() / 1000),
  })
}
