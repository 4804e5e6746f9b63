import { z } from 'zod'

const instant = z.iso.datetime()

/** What is known of a credential beside its secret. */
export const credentialFacts = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token') }),
  z.object({
    kind: z.literal('oauth'),
    /** The OAuth application that it was granted to; only that one can refresh it. */
    clientId: z.string(),
    /** Null when the provider told none. */
    scopes: z.array(z.string()).nullable(),
    /** When the access token ends; null when it has no end. */
    accessExpiresAt: instant.nullable(),
    /** False where the provider gave no refresh token, as for GitHub's OAuth Apps. */
    refreshable: z.boolean(),
    /** When the refresh token ends if it is not used; null when it has no end of its own. */
    refreshExpiresAt: instant.nullable(),
  }),
  z.object({
    kind: z.literal('githubApp'),
    appId: z.string(),
    installationId: z.string(),
    /** As GitHub shows it beside the key. */
    keyFingerprint: z.string(),
  }),
])
export type CredentialFacts = z.infer<typeof credentialFacts>

/** A certificate authority of an instance's own, trusted for this connection beside the public ones. */
export const certificateAuthority = z.object({
  pem: z.string(),
  subject: z.string(),
  expiresAt: instant,
})
export type CertificateAuthority = z.infer<typeof certificateAuthority>

/**
 * When a connection stops working by itself: a token's own end, or the refresh token's where access tokens are renewed
 * with it. Null when there is no such end, or none is known.
 */
export function endOf(facts: CredentialFacts, told: string | null): string | null {
  switch (facts.kind) {
    case 'token':
      return told
    case 'oauth':
      return facts.refreshable ? facts.refreshExpiresAt : (facts.accessExpiresAt ?? told)
    case 'githubApp':
      return null
  }
}
