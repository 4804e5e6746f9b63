import { z } from 'zod'
import { defineEvent, type EventOf } from '../event.ts'
import { checkedStatuses } from './status.ts'

const instant = z.iso.datetime()

export const providers = ['github', 'gitlab'] as const
export const methods = ['token', 'oauth', 'githubApp'] as const
export const providerName = z.enum(providers)
export const connectionMethod = z.enum(methods)
export type ProviderName = z.infer<typeof providerName>
export type ConnectionMethod = z.infer<typeof connectionMethod>

/** The account at the provider that a credential acts as. `id` is the provider's own, stable through renames. */
export const account = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string().nullable(),
  kind: z.enum(['user', 'bot', 'organization']),
  url: z.string().nullable(),
})
export type Account = z.infer<typeof account>

/** One question put to the provider and its answer. `url` never carries a credential. */
export const call = z.object({
  method: z.string(),
  url: z.string(),
  /** Null when no answer came. */
  status: z.number().int().nullable(),
  /** The provider's name for this exchange, to quote to its support; null when it gave none. */
  requestId: z.string().nullable(),
  durationMs: z.number().int().nonnegative(),
  /** What was answered, in a few words of the provider or ours. */
  answer: z.string(),
})
export type Call = z.infer<typeof call>

/** Whether something works: seen to work, seen to fail, or not looked at, and why. */
export const tick = z.object({ is: z.enum(['yes', 'no', 'unchecked']), detail: z.string() })
export type Tick = z.infer<typeof tick>

/** A repository that the credential reaches; `pushedAt` is null when it was never active. */
export const sampledRepository = z.object({
  id: z.string(),
  fullName: z.string(),
  url: z.string(),
  private: z.boolean(),
  archived: z.boolean(),
  pushedAt: instant.nullable(),
})
export type SampledRepository = z.infer<typeof sampledRepository>

/** What a check saw: the ground for a status. */
export const evidence = z.object({
  checkedAt: instant,
  calls: z.array(call),
  account: account.nullable(),
  /** What kind of credential it turned out to be, in the provider's words, such as "classic personal access token". */
  tokenKind: z.string().nullable(),
  /** Null when the provider does not tell scopes for this kind of credential; empty means none. */
  scopes: z.array(z.string()).nullable(),
  missingScopes: z.array(z.string()),
  /** When the credential ends by itself; null when it has no end or the provider does not tell. */
  expiresAt: instant.nullable(),
  rateLimit: z.object({ limit: z.number(), remaining: z.number(), resetAt: instant.nullable() }).nullable(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  canList: tick,
  canClone: tick,
  /** The most recently active repositories reached, at most five. */
  repositories: z.array(sampledRepository),
  durationMs: z.number().int().nonnegative(),
})
export type Evidence = z.infer<typeof evidence>

/** An organization linked an account; the credential itself lies in the vault. */
export const connectionCreated = defineEvent('ConnectionCreated', {
  version: 1,
  data: z.object({
    name: z.string(),
    provider: providerName,
    method: connectionMethod,
    /** The provider's web root without an end slash. */
    baseUrl: z.string(),
    credentialVersion: z.number().int(),
    /** Keyed hash of the credential: tells two apart, gives nothing away. */
    fingerprint: z.string(),
  }),
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
  version: 1,
  data: z.object({ credentialVersion: z.number().int(), fingerprint: z.string() }),
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

/** The sealed credential was removed from the vault for good; the history stays. */
export const credentialDestroyed = defineEvent('CredentialDestroyed', {
  version: 1,
  data: z.object({ credentialVersion: z.number().int() }),
})

export const connectionEvents = [
  connectionCreated,
  connectionValidated,
  validationDeferred,
  connectionRenamed,
  connectionDisabled,
  connectionEnabled,
  tokenReplaced,
  connectionExpired,
  connectionDeleted,
  connectionRestored,
  credentialDestroyed,
] as const
export type ConnectionEvent = EventOf<(typeof connectionEvents)[number]>
