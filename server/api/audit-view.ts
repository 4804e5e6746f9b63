import { actorSchema } from '@git-connections/events'
import { z } from 'zod'

/** One event as the audit shows it. */
export const auditEntry = z.object({
  position: z.number().int(),
  eventId: z.uuid(),
  type: z.string(),
  recordedAt: z.iso.datetime(),
  actor: actorSchema,
  streamType: z.string(),
  streamId: z.string(),
  /** The name of what it happened to, as it was then; null when it has none. */
  subject: z.string().nullable(),
  /** The person or key that created what it happened to; null when unknown. */
  creator: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** The event in words. */
  summary: z.string(),
  /** The event exactly as recorded. */
  data: z.unknown(),
  version: z.number().int(),
  commandId: z.string(),
  correlationId: z.string(),
  causationId: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof auditEntry>
