import type { CertificateAuthority, ProviderName } from '@git-connections/events'
import type { FetchCommit } from '../git/fetch-commit.ts'
import type { LsRemote } from '../git/ls-remote.ts'
import type { OAuthClient } from './oauth/oauth-client.ts'
import type { Provider } from './provider.ts'

/** The outside world as one connection sees it: through the public authorities and, where it has one, its own. */
export interface OutsideWorld {
  readonly providers: Readonly<Record<ProviderName, Provider>>
  readonly oauth: OAuthClient
  readonly lsRemote: LsRemote
  readonly fetchCommit: FetchCommit
  /** Whether the operator's proxy carries requests to an address. */
  readonly proxied: (url: URL) => boolean
}

/** The outside world for a certificate authority; null is for the public ones alone. */
export type Reach = (authority: Pick<CertificateAuthority, 'pem'> | null) => OutsideWorld

const MOST_KEPT = 200

/** Makes each world once, and keeps the last ones. */
export function createReach(make: (authority: string | null) => OutsideWorld): Reach {
  const open = make(null)
  const kept = new Map<string, OutsideWorld>()
  return (authority) => {
    if (authority === null) return open
    const known = kept.get(authority.pem)
    if (known) return known
    const made = make(authority.pem)
    kept.set(authority.pem, made)
    const oldest = kept.keys().next().value
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return made
  }
}
