import { z } from 'zod'
import type { RecordedRequest } from '../../recording.ts'
import { json } from '../answers.ts'
import type { GitLabApi } from '../call.ts'
import { hasExpired, OAUTH_LIFE_SECONDS } from '../front-door.ts'
import { grantRefused, oauthError } from './answers.ts'
import { clientOf } from './client.ts'

const sent = z.object({ token: z.string().default('') })

/**
 * Ends a pair of tokens by either of them.
 * @see https://www.rfc-editor.org/rfc/rfc7009
 */
export function revokeAnswer({ grants }: GitLabApi, record: RecordedRequest): Response {
  const client = clientOf(grants, record)
  const row = grants.byEither(sent.parse(record.body ?? {}).token)
  const foreign = client === 'none' || client === 'wrong' || (row && row.application !== client.uid)
  if (foreign) {
    const text = 'You are not authorized to revoke this token'
    return json({ error: 'unauthorized_client', error_description: text }, 403)
  }
  if (row) row.revoked = true
  return json({})
}

/**
 * Tells an application of a token of its own; of a dead or foreign one only that it opens nothing.
 * @see https://www.rfc-editor.org/rfc/rfc7662
 */
export function introspectAnswer({ grants, world }: GitLabApi, record: RecordedRequest): Response {
  const client = clientOf(grants, record)
  if (client === 'none') {
    const text = 'Request needs to be authorized. Required parameter for authorizing the request is missing or invalid.'
    throw oauthError(400, 'invalid_request', text)
  }
  if (client === 'wrong') throw grantRefused('invalid_client')
  const { token } = sent.parse(record.body ?? {})
  const row = grants.byEither(token)
  const renewing = row?.refreshToken === token
  const live = row && !row.revoked && (renewing || !hasExpired(row, world.clock.now()))
  if (!live || row.application !== client.uid) return json({ active: false })
  const since = Math.floor(row.createdAt.getTime() / 1000)
  const access = renewing ? {} : { token_type: 'Bearer', exp: since + OAUTH_LIFE_SECONDS }
  return json({ active: true, scope: row.scopes.join(' '), client_id: client.uid, iat: since, ...access })
}
