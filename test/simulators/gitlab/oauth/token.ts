import { z } from 'zod'
import { verifierFits } from '../../pkce.ts'
import type { RecordedRequest } from '../../recording.ts'
import { json } from '../answers.ts'
import type { GitLabApi } from '../call.ts'
import type { GitLabToken } from '../declare.ts'
import { OAUTH_LIFE_SECONDS } from '../front-door.ts'
import { grantRefused, parameterMissing } from './answers.ts'
import { leadsTo } from './application.ts'
import { clientOf } from './client.ts'

const text = z.string().default('')
const fields = z.object({
  grant_type: text,
  code: text,
  code_verifier: text,
  redirect_uri: text,
  refresh_token: text,
  scope: text,
})
type Fields = z.output<typeof fields>

/**
 * Gives a pair of tokens for a code or for the pair before. The order of the checks is GitLab's.
 * @throws {Refusal}
 */
export function tokenAnswer(api: GitLabApi, record: RecordedRequest): Response {
  const sent = fields.parse(record.body ?? {})
  if (sent.grant_type === '') throw parameterMissing('grant_type')
  if (sent.grant_type === 'authorization_code') return pair(exchanged(api, record, sent))
  if (sent.grant_type === 'refresh_token') return pair(refreshed(api, record, sent))
  throw grantRefused('unsupported_grant_type')
}

function exchanged({ grants, world }: GitLabApi, record: RecordedRequest, sent: Fields): GitLabToken {
  const code = grants.code(sent.code)
  if (code?.challenge && sent.code_verifier === '') throw parameterMissing('code_verifier')
  if (sent.redirect_uri === '') throw parameterMissing('redirect_uri')
  const client = clientOf(grants, record)
  if (client === 'none' || client === 'wrong') throw grantRefused('invalid_client')
  if (code?.application !== client || !leadsTo([code.redirectUri], sent.redirect_uri))
    throw grantRefused('invalid_grant')
  if (code.challenge && !verifierFits(sent.code_verifier, code.challenge)) throw grantRefused('invalid_grant')
  if (code.issued || code.endsAt <= world.clock.now().getTime()) {
    if (code.issued && world.settings.codeReuseRevokes) code.issued.revoked = true
    throw grantRefused('invalid_grant')
  }
  code.issued = grants.issue(client, code.user, code.scopes)
  return code.issued
}

/** The old access token and the old refresh token end together with the new pair's beginning. */
function refreshed({ grants }: GitLabApi, record: RecordedRequest, sent: Fields): GitLabToken {
  if (sent.refresh_token === '') throw parameterMissing('refresh_token')
  const old = grants.byRefreshToken(sent.refresh_token)
  if (!old || old.revoked) throw grantRefused('invalid_grant')
  const client = clientOf(grants, record)
  if (client === 'wrong') throw grantRefused('invalid_client')
  if (client === 'none' || client.uid !== old.application) throw grantRefused('invalid_grant')
  const scopes = sent.scope === '' ? old.scopes : sent.scope.split(' ')
  if (!scopes.every((scope) => old.scopes.includes(scope))) throw grantRefused('invalid_scope')
  old.revoked = true
  return grants.issue(client, old.user, scopes)
}

function pair({ token, refreshToken, scopes, createdAt }: GitLabToken): Response {
  const body = {
    access_token: token,
    token_type: 'Bearer',
    expires_in: OAUTH_LIFE_SECONDS,
    refresh_token: refreshToken,
    scope: scopes.join(' '),
    created_at: Math.floor(createdAt.getTime() / 1000),
  }
  return json(body, 200, { 'cache-control': 'no-store, no-cache' })
}
