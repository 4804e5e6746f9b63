import { z } from 'zod'
import { providerName } from '../provider.ts'
import { certificateAuthority, credentialFacts } from './credential.ts'
import { connectionMethod, refreshFailures } from './events.ts'
import { statuses } from './status.ts'

const refreshInCourse = z.object({
  attemptId: z.string(),
  /** Running also when the process that ran it has died: nobody knows then what came of it. */
  is: z.enum(['running', ...refreshFailures]),
  /** Whether its failure said what became of the connection; an unknown outcome does not, before it is looked into. */
  settled: z.boolean(),
  /** How often in a row it has failed. */
  failures: z.number(),
  /** What people were told of the last failure, and when it is tried again by itself. */
  message: z.string().nullable(),
  retryAt: z.string().nullable(),
})
const warning = z.object({ expiresAt: z.string(), daysLeft: z.number() })

const linkedConnection = z.object({
  is: z.literal('linked'),
  name: z.string(),
  provider: providerName,
  method: connectionMethod,
  baseUrl: z.string(),
  enabled: z.boolean(),
  status: z.enum(statuses),
  account: z.object({ id: z.string(), login: z.string() }).nullable(),
  credentialVersion: z.number(),
  credential: credentialFacts,
  certificateAuthority: certificateAuthority.nullable(),
  /** Whether this version of the credential was ever seen to work. */
  worked: z.boolean(),
  /** Null when the credential has no known end. */
  expiresAt: z.string().nullable(),
  /** When a credential that had worked was first refused; null once a check has settled the status. */
  refusedAt: z.string().nullable(),
  /** Checks in a row that the provider did not answer, and when the first of them was. */
  unanswered: z.object({ times: z.number(), since: z.string() }).nullable(),
  /** The last refresh while it has given no new pair. */
  refresh: refreshInCourse.nullable(),
  /** The last warnings that were given. */
  warned: z.object({ credential: warning.nullable(), certificateAuthority: warning.nullable() }),
})
export type LinkedConnection = z.infer<typeof linkedConnection>

const deletedConnection = z.object({
  is: z.literal('deleted'),
  restorableUntil: z.string(),
  credentialDestroyed: z.boolean(),
  linked: linkedConnection,
})
export type DeletedConnection = z.infer<typeof deletedConnection>

/** What the log has established about a connection; stored with its stream's head. */
export const connectionState = z.discriminatedUnion('is', [
  z.object({ is: z.literal('absent') }),
  linkedConnection,
  deletedConnection,
])
export type Connection = z.infer<typeof connectionState>
