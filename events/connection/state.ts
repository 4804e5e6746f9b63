import { z } from 'zod'
import { certificateAuthority, credentialFacts } from './credential.ts'
import { connectionMethod, providerName } from './events.ts'
import { statuses } from './status.ts'

const refreshInCourse = z.object({
  attemptId: z.string(),
  /** How often the outcome of an attempt with this pair stayed unknown. */
  unknown: z.number(),
  /** How often in a row it was certainly not carried out. */
  notDone: z.number(),
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
  /** The refresh whose outcome is not known: under way, or cut off, or left open by the provider. */
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
