import { z } from 'zod'

const instant = z.iso.datetime()

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
