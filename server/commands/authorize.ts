import { type CertificateAuthority, DomainError, type ProviderName } from '@git-connections/events'
import { redirectUri } from '../oauth/redirect-uri.ts'
import { hashOf, newState, verifierOf } from '../oauth/state.ts'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { readLinked } from './connection.ts'

const LIFE_MS = 10 * 60_000

/** What people are asked for: to list repositories and to clone them. */
export const SCOPES: Record<ProviderName, readonly string[]> = {
  github: ['repo', 'read:org'],
  gitlab: ['read_api', 'read_repository'],
}

/** Who is sent to the provider; a session's token binds the return to that very browser. */
export interface Signer {
  readonly userId: string
  readonly sessionToken: string | null
}

/**
 * Begins a sign-in at a provider. Returns the address to send the person to, and the id under which its outcome is
 * told.
 * @throws {DomainError} InputInvalid; OAuthApplicationMissing where no application is set for the instance;
 * ConnectionMissing when the connection to reconnect is not there.
 */
export async function authorize(
  shell: Shell,
  input: {
    provider: ProviderName
    baseUrl?: string | undefined
    name: string | null
    connectionId: string | null
    certificateAuthority: CertificateAuthority | null
    signer: Signer
  },
  by: Cause,
): Promise<{ authorizationId: string; url: string }> {
  const { connectionId, signer } = input
  const linked = connectionId ? await readLinked(shell, connectionId, by) : null
  if (linked && linked.method !== 'oauth') {
    throw new DomainError('InputInvalid', 'This connection does not sign in at the provider. Edit it instead.')
  }
  const provider = linked?.provider ?? input.provider
  const baseUrl = linked?.baseUrl ?? shell.providers[provider].normaliseBaseUrl(input.baseUrl)
  const certificateAuthority = linked ? linked.certificateAuthority : input.certificateAuthority
  const known = await shell.applications.find(by.organizationId, { provider, baseUrl })
  if (!known) {
    throw new DomainError(
      'OAuthApplicationMissing',
      `No OAuth application is set for ${new URL(baseUrl).host}. An admin can register one there and enter it here.`,
      { field: 'baseUrl' },
    )
  }
  const state = newState()
  const id = by.commandId
  const now = shell.clock()
  const use = { actor: by.actor, purpose: 'sign-in', correlationId: by.correlationId } as const
  const url = await shell.applications.use(by.organizationId, known, use, (application) =>
    shell.reach(certificateAuthority).oauth.authorizationUrl(application, {
      redirectUri: redirectUri(shell.config.publicUrl, { provider, baseUrl }),
      state,
      verifier: verifierOf(state, shell.vault.purposeKey('oauth')),
      // A GitHub App's permissions are set at the App, and it ignores scopes.
      scopes: SCOPES[provider],
      selectAccount: linked === null,
    }),
  )
  await shell.db
    .insertInto('oauth_authorization')
    .values({
      ...{ organization_id: by.organizationId, id, state_hash: hashOf(state), user_id: signer.userId },
      session_hash: signer.sessionToken === null ? null : hashOf(signer.sessionToken),
      ...{ provider, base_url: baseUrl, client_id: known.clientId, connection_id: connectionId, name: input.name },
      certificate_authority: certificateAuthority && JSON.stringify(certificateAuthority),
      ...{
        status: 'waiting',
        message: 'Waiting for you to allow access at the provider.',
        linked_id: null,
        held: null,
      },
      ...{ begun_at: now, expires_at: new Date(now.getTime() + LIFE_MS) },
    })
    .execute()
  return { authorizationId: id, url }
}
