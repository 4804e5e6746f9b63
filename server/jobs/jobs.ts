import { providerName } from '@git-connections/events'
import { z } from 'zod'

const aboutConnection = z.object({
  organizationId: z.uuid(),
  connectionId: z.uuid(),
  /** The event that led to the job; the job's own id too. */
  eventId: z.uuid(),
})

/** About the pair of tokens of that version, and no later one. */
const aboutVersion = aboutConnection.extend({ version: z.number().int() })

const aboutEnvironment = z.object({ organizationId: z.uuid(), environmentId: z.uuid(), eventId: z.uuid() })

/** Every kind of job and what it carries. */
export const jobSchemas = {
  'validate-connection': aboutConnection,
  'destroy-credential': aboutConnection,
  'keep-alive': aboutVersion,
  /** Apart from those that only keep alive, so that it never waits for them. */
  'settle-refresh': aboutVersion,
  'list-repositories': aboutConnection,
  'run-deployment': aboutEnvironment.extend({ deploymentId: z.uuid() }),
  /** Of an environment that is deleted. */
  'remove-releases': aboutEnvironment,
  /** An instance's OAuth application was set anew. */
  'heal-grants': aboutConnection.omit({ connectionId: true }).extend({ provider: providerName, baseUrl: z.string() }),
} as const

export type JobName = keyof typeof jobSchemas
export type Job = { [Name in JobName]: { name: Name; data: z.infer<(typeof jobSchemas)[Name]> } }[JobName]

/** Stores a job, to be done at once or from an instant on. The same id again is the same job: the first is kept. */
export type Enqueue = (job: Job, at: Date | null) => Promise<void>
