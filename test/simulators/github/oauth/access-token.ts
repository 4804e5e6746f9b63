import { z } from 'zod'
import { verifierFits } from '../../pkce.ts'
import type { RecordedRequest } from '../../recording.ts'
import { json } from '../answers.ts'
import type { GitHubApi } from '../call.ts'
import { formOrJson, GrantRefusal } from './answers.ts'
import type { OAuthClient } from './client.ts'
import { ACCESS_SECONDS, type Pair, REFRESH_SECONDS } from './grants.ts'

const text = z.string().default('')
const fields = z.object({
  client_id: text,
  client_secret: text,
  grant_type: z.string().default('authorization_code'),
  code: text,
  redirect_uri: z.string().optional(),
  code_verifier: text,
  refresh_token: text,
})
type Fields = z.output<typeof fields>

/** Gives a token for a code, or the next pair for a refresh token; what it refuses, it refuses with status 200. */
export function accessTokenAnswer(api: GitHubApi, { body, headers }: RecordedRequest): Response {
  const sent = fields.parse(body ?? {})
  const client = api.grants.clients.get(sent.client_id)
  if (!client) return json({ error: 'Not Found' }, 404)
  try {
    return formOrJson(written(given(api, client, sent)), headers.accept)
  } catch (error) {
    if (error instanceof GrantRefusal) return formOrJson(error.body, headers.accept)
    throw error
  }
}

function given(api: GitHubApi, client: OAuthClient, sent: Fields): Pair {
  if (sent.client_secret !== client.clientSecret) throw new GrantRefusal('incorrect_client_credentials')
  if (sent.grant_type === 'refresh_token') return renewed(api, client, sent)
  if (sent.grant_type === 'authorization_code') return exchanged(api, client, sent)
  throw new GrantRefusal('unsupported_grant_type')
}

function exchanged({ grants }: GitHubApi, client: OAuthClient, sent: Fields): Pair {
  const code = grants.code(sent.code)
  if (code?.client !== client) throw new GrantRefusal('bad_verification_code')
  if (sent.redirect_uri !== undefined && sent.redirect_uri !== code.redirectUri)
    throw new GrantRefusal('redirect_uri_mismatch')
  if (code.challenge !== null && !verifierFits(sent.code_verifier, code.challenge))
    throw new GrantRefusal('bad_verification_code')
  if (!code.user.emailVerified) throw new GrantRefusal('unverified_user_email')
  grants.spendCode(sent.code)
  return grants.issue(client, code.user, code.scopes)
}

function renewed({ grants }: GitHubApi, client: OAuthClient, sent: Fields): Pair {
  const old = grants.refreshToken(sent.refresh_token)
  if (old?.access.clientId !== client.clientId) throw new GrantRefusal('bad_refresh_token')
  return grants.renew(client, old)
}

function written({ access, refresh }: Pair): Record<string, string | number> {
  const renewal = refresh && {
    expires_in: ACCESS_SECONDS,
    refresh_token: refresh.token,
    refresh_token_expires_in: REFRESH_SECONDS,
  }
  return { access_token: access.token, ...renewal, scope: access.scopes.join(','), token_type: 'bearer' }
}
