import type { CertificateAuthority, CredentialFacts, ProviderName } from '@git-connections/events'
import type { ColumnType } from 'kysely'

/**
 * Waiting for the person; working, once they came back; then done, failed (also when they refused), or waiting for them
 * to confirm that it is another account, or reaches less.
 */
export const authorizationStatuses = ['waiting', 'working', 'done', 'failed', 'confirm'] as const
export type AuthorizationStatus = (typeof authorizationStatuses)[number]

/** What is kept while a person must confirm what a grant changes; its tokens lie sealed in the vault. */
export interface HeldGrant {
  readonly credential: Extract<CredentialFacts, { kind: 'oauth' }>
  readonly account: string
}

/** The table of sign-ins at providers as Kysely sees it. */
export interface AuthorizationTables {
  oauth_authorization: {
    organization_id: string
    id: string
    /** SHA-256 of the state; the state itself is only with the person. */
    state_hash: Buffer
    user_id: string
    /** SHA-256 of the session's token; null when a program asked by its key. */
    session_hash: Buffer | null
    provider: ProviderName
    base_url: string
    client_id: string
    /** The connection that is to be reconnected; null for a new one. */
    connection_id: string | null
    name: string | null
    certificate_authority: ColumnType<CertificateAuthority | null, string | null, never>
    status: AuthorizationStatus
    message: string
    /** The connection that came of it. */
    linked_id: string | null
    held: ColumnType<HeldGrant | null, string | null, string | null>
    begun_at: Date
    expires_at: Date
  }
}
