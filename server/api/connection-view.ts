import {
  account,
  call,
  connectionMethod,
  providerName,
  sampledRepository,
  statuses,
  tick,
} from '@git-connections/events'
import { z } from 'zod'
import { lostRepository } from './lost-access.ts'

const instant = z.iso.datetime()

/** What to do next about a connection that does not work; the page shows it as a button. */
export const adviceAction = z.enum(['validate', 'replaceToken', 'refresh', 'reconnect', 'enable', 'none'])

/** A connection as programs and the page see it: the card in full, no credential in it. */
export const connectionView = z.object({
  id: z.uuid(),
  name: z.string(),
  provider: providerName,
  method: connectionMethod,
  baseUrl: z.string(),
  status: z.enum(statuses),
  /** When the status became what it is. */
  statusSince: instant,
  enabled: z.boolean(),
  disabledReason: z.string().nullable(),
  /** What happened and what to do next. */
  message: z.string(),
  /** The same for programs: a stable word such as "accepted" or "badCredentials". */
  reason: z.string(),
  advice: z.object({ action: adviceAction, text: z.string() }),
  account: account.nullable(),
  tokenKind: z.string().nullable(),
  scopes: z.array(z.string()).nullable(),
  missingScopes: z.array(z.string()),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  createdBy: z.object({ id: z.string(), name: z.string() }),
  createdAt: instant,
  /** When the provider last answered a check; null before the first answer. */
  checkedAt: instant.nullable(),
  /** When the next check is due by itself; null while disabled or deleted. */
  nextCheckAt: instant.nullable(),
  /** The last check could not be done, or waits to be confirmed; null when the last check settled the status. */
  deferred: z
    .object({ since: instant, reason: z.string(), message: z.string(), confirming: z.boolean(), retryAt: instant })
    .nullable(),
  expiresAt: instant.nullable(),
  credentialVersion: z.number().int(),
  /** Who brought the credential that is in use: an OAuth connection has the rights of that person. */
  authorizedBy: z.object({ id: z.string(), name: z.string() }),
  authorizedAt: instant,
  /** Whether that person has left the organization since. */
  authorizerLeft: z.boolean(),
  /** Whether its tokens are renewed by themselves, and can be by hand. */
  refreshable: z.boolean(),
  /** When the access token ends, which is renewed before; null where that is not so. */
  accessExpiresAt: instant.nullable(),
  refreshedAt: instant.nullable(),
  /** Whether a refresh is under way, or was cut off and is being looked into. */
  refreshing: z.boolean(),
  /** Days of the last warning of its end; null before the first. */
  expiryWarning: z.number().int().nullable(),
  certificateAuthority: z
    .object({ subject: z.string(), expiresAt: instant, warning: z.number().nullable() })
    .nullable(),
  /** The App and its installation; null for other methods. */
  app: z.object({ appId: z.string(), installationId: z.string(), keyFingerprint: z.string() }).nullable(),
  canList: tick,
  canClone: tick,
  /** At most five, the most recently active first. */
  repositories: z.array(sampledRepository),
  calls: z.array(call),
  rateLimit: z.object({ limit: z.number(), remaining: z.number(), resetAt: instant.nullable() }).nullable(),
  /** How long the last check took; null before the first. */
  checkDurationMs: z.number().nullable(),
  /** Number of projects that use it. */
  dependents: z.number().int(),
  /** Repositories that projects use through it, and that it does not reach any more while it works for others. */
  lostRepositories: z.array(lostRepository),
  /** Place of its last event in its stream. */
  version: z.number().int(),
})
export type ConnectionView = z.infer<typeof connectionView>
