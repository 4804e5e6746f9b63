import { z } from 'zod'
import { defineEvent, type EventOf } from '../event.ts'
import { providerName } from '../provider.ts'
import { certificateAuthority, credentialFacts } from './credential.ts'
import { evidence } from './evidence.ts'
import { checkedStatuses } from './status.ts'

const instant = z.iso.datetime()

export const methods = ['token', 'oauth', 'githubApp'] as const
export const connectionMethod = z.enum(methods)
export type ConnectionMethod = z.infer<typeof connectionMethod>

/** An organization linked an account; the credential itself lies in the vault. */
export const connectionCreated = defineEvent('ConnectionCreated', {
  version: 2,
  data: z.object({
    name: z.string(),
    provider: providerName,
    method: connectionMethod,
    /** The provider's web root without an end slash. */
    baseUrl: z.string(),
    credentialVersion: z.number().int(),
    /** Keyed hash of the credential: tells two apart, gives nothing away. */
    fingerprint: z.string(),
    credential: credentialFacts,
    /** Null where the public authorities are enough. */
    certificateAuthority: certificateAuthority.nullable(),
  }),
  upcast: {
    // Version 1 knew tokens only.
    1: (v1: object) => ({ ...v1, credential: { kind: 'token' }, certificateAuthority: null }),
  },
})

/** The provider was asked, and its answer settles the status. */
export const connectionValidated = defineEvent('ConnectionValidated', {
  version: 1,
  data: z.object({
    outcome: z.enum(checkedStatuses),
    /** Why, as a word for programs, such as "accepted" or "badCredentials". */
    reason: z.string(),
    /** What happened and what to do next, for people. */
    message: z.string(),
    credentialVersion: z.number().int(),
    evidence,
  }),
})

/** A check could not be done, or must be confirmed first; the status stays, and the check is tried again. */
export const validationDeferred = defineEvent('ValidationDeferred', {
  version: 1,
  data: z.object({
    reason: z.string(),
    message: z.string(),
    credentialVersion: z.number().int(),
    /** True when the provider did refuse, and a second refusal will settle it. */
    confirming: z.boolean(),
    retryAt: instant,
    evidence,
  }),
})

export const connectionRenamed = defineEvent('ConnectionRenamed', { version: 1, data: z.object({ name: z.string() }) })
export const connectionDisabled = defineEvent('ConnectionDisabled', {
  version: 1,
  data: z.object({ reason: z.string().nullable() }),
})
export const connectionEnabled = defineEvent('ConnectionEnabled', { version: 1, data: z.object({}) })

/** A new credential took the old one's place, after the provider accepted it. */
export const tokenReplaced = defineEvent('TokenReplaced', {
  version: 2,
  data: z.object({ credentialVersion: z.number().int(), fingerprint: z.string(), credential: credentialFacts }),
  upcast: { 1: (v1: object) => ({ ...v1, credential: { kind: 'token' } }) },
})

/** Somebody signed in at the provider again, and the new grant took the old one's place. */
export const connectionReauthorized = defineEvent('ConnectionReauthorized', {
  version: 1,
  data: z.object({ credentialVersion: z.number().int(), fingerprint: z.string(), credential: credentialFacts }),
})

/** The provider is about to be asked for a new pair of tokens; from here on the old pair may be dead. */
export const tokenRefreshStarted = defineEvent('TokenRefreshStarted', {
  version: 1,
  data: z.object({ credentialVersion: z.number().int(), attemptId: z.string() }),
})

/** The provider gave a new pair of tokens, which lies sealed in the vault; the old one is dead. */
export const tokenRefreshed = defineEvent('TokenRefreshed', {
  version: 1,
  data: z.object({ credentialVersion: z.number().int(), fingerprint: z.string(), credential: credentialFacts }),
})

/** What is known of a refresh that gave no new pair. */
export const refreshFailures = ['refused', 'notDone', 'unknown'] as const

/** A refresh gave no new pair. */
export const tokenRefreshFailed = defineEvent('TokenRefreshFailed', {
  version: 1,
  data: z.object({
    credentialVersion: z.number().int(),
    attemptId: z.string(),
    /** A definite no; certainly not carried out; or nobody can tell whether the old pair still works. */
    failure: z.enum(refreshFailures),
    /** What it means for the status; null when the status stays. */
    status: z.enum(checkedStatuses).nullable(),
    reason: z.string(),
    message: z.string(),
    /** When it is tried again by itself; null when it is not. */
    retryAt: instant.nullable(),
  }),
})

/** An end comes near; told once for each of the days in `WARNING_DAYS`. */
export const expiryApproaching = defineEvent('ExpiryApproaching', {
  version: 1,
  data: z.object({
    what: z.enum(['credential', 'certificateAuthority']),
    expiresAt: instant,
    daysLeft: z.number().int(),
  }),
})

/** The authority that vouches for a self-hosted instance was set, changed, or (null) taken away. */
export const certificateAuthorityChanged = defineEvent('CertificateAuthorityChanged', {
  version: 1,
  data: z.object({ certificateAuthority: certificateAuthority.nullable() }),
})

/** The end that the provider had told for the credential has come. */
export const connectionExpired = defineEvent('ConnectionExpired', {
  version: 1,
  data: z.object({ expiredAt: instant, credentialVersion: z.number().int() }),
})

/** The connection can't be used any more; until `restorableUntil` it can be restored, then its credential is destroyed. */
export const connectionDeleted = defineEvent('ConnectionDeleted', {
  version: 1,
  data: z.object({ restorableUntil: instant }),
})
export const connectionRestored = defineEvent('ConnectionRestored', { version: 1, data: z.object({}) })

/** Whether the provider was told to end a credential, and what came of it. */
export const revocation = z.object({
  is: z.enum(['revoked', 'notRevoked', 'notPossible']),
  message: z.string(),
})
export type Revocation = z.infer<typeof revocation>

/** The sealed credential was removed from the vault for good; the history stays. */
export const credentialDestroyed = defineEvent('CredentialDestroyed', {
  version: 2,
  data: z.object({ credentialVersion: z.number().int(), revocation }),
  upcast: {
    1: (v1: object) => ({ ...v1, revocation: { is: 'notPossible', message: 'The provider was not asked to end it.' } }),
  },
})

export const connectionEvents = [
  connectionCreated,
  connectionValidated,
  validationDeferred,
  connectionRenamed,
  connectionDisabled,
  connectionEnabled,
  tokenReplaced,
  connectionReauthorized,
  tokenRefreshStarted,
  tokenRefreshed,
  tokenRefreshFailed,
  expiryApproaching,
  certificateAuthorityChanged,
  connectionExpired,
  connectionDeleted,
  connectionRestored,
  credentialDestroyed,
] as const
export type ConnectionEvent = EventOf<(typeof connectionEvents)[number]>
