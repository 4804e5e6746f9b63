import { DomainError } from '@git-connections/events'
import { firstCheck } from '../providers/provider.ts'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { settleAuthorization } from './complete-authorization.ts'
import { linkGrant } from './link-grant.ts'

/**
 * Takes a grant of another account than before, or of less reach, after its person confirmed that; or, unless `accept`, ends it.
 * Returns the connection's id; null when the grant was not taken.
 * @throws {DomainError} SignInMissing when there is nothing to confirm (any more).
 */
export async function confirmAuthorization(
  shell: Shell,
  input: { authorizationId: string; userId: string; accept: boolean },
  by: Cause,
): Promise<string | null> {
  const { organizationId } = by
  const authorization = await shell.db
    .selectFrom('oauth_authorization')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('id', '=', input.authorizationId)
    .where('user_id', '=', input.userId)
    .where('status', '=', 'confirm')
    .executeTakeFirst()
  const held = authorization?.held
  if (!authorization || !held) throw new DomainError('SignInMissing', 'There is nothing to confirm. Start again.')
  const { credential } = held
  const place = { organizationId, connectionId: authorization.id, version: 1 }
  const settled = await shell.credentials.useHeld(
    { ...place, by, refreshable: credential.refreshable },
    async (tokens) => {
      const { provider, base_url: baseUrl, certificate_authority: authority } = authorization
      const world = shell.reach(authority)
      if (!input.accept) {
        const known = await shell.applications.find(organizationId, { provider, baseUrl })
        const use = { actor: by.actor, purpose: 'revoke', correlationId: by.correlationId } as const
        if (known) await shell.applications.use(organizationId, known, use, (own) => world.oauth.revoke(own, tokens))
        return null
      }
      const instance = { baseUrl, prior: firstCheck, kind: 'oauth' } as const
      const verdict = await world.providers[provider].checkToken(tokens.accessToken, instance)
      const linkedId = await linkGrant(shell, { authorization, tokens, credential, verdict, accept: true }, by)
      return { linkedId, message: verdict.message }
    },
  )
  await shell.vault.drop({ organizationId, connectionId: authorization.id })
  await settleAuthorization(shell, authorization, {
    status: settled ? 'done' : 'failed',
    message: settled?.message ?? 'It was not taken. Nothing was changed.',
    linkedId: settled?.linkedId ?? null,
  })
  return settled?.linkedId ?? null
}
