import { z } from 'zod'

const aboutConnection = z.object({
  organizationId: z.uuid(),
  connectionId: z.uuid(),
  /** The event that led to the job; the job's own id too. */
  eventId: z.uuid(),
})

/** Every kind of job and what it carries. */
export const jobSchemas = {
  'validate-connection': aboutConnection,
  'destroy-credential': aboutConnection,
  'keep-alive': aboutConnection.extend({ version: z.number().int() }),
} as const

export type JobName = keyof typeof jobSchemas
export type Job = { [Name in JobName]: { name: Name; data: z.infer<(typeof jobSchemas)[Name]> } }[JobName]
