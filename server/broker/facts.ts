import type { CredentialFacts } from '@git-connections/events'
import type { TokenSet } from '../providers/oauth/grant.ts'

type GrantFacts = Extract<CredentialFacts, { kind: 'oauth' }>

/** What the log keeps of tokens; `before` is what was known when the provider left something out in a refresh. */
export function factsOf(tokens: TokenSet, of: { clientId: string; before: GrantFacts | null }): GrantFacts {
  const sameRefreshToken = of.before !== null && tokens.refreshExpiresAt === null
  return {
    kind: 'oauth',
    clientId: of.clientId,
    scopes: tokens.scopes ? [...tokens.scopes] : (of.before?.scopes ?? null),
    accessExpiresAt: tokens.expiresAt?.toISOString() ?? null,
    refreshable: tokens.refreshToken !== null,
    refreshExpiresAt:
      tokens.refreshExpiresAt?.toISOString() ?? (sameRefreshToken ? (of.before?.refreshExpiresAt ?? null) : null),
  }
}
