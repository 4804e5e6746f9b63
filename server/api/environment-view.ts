import { deploymentKind, environmentKind, moduleSelection } from '@git-connections/events'
import { z } from 'zod'

const instant = z.iso.datetime()
const person = z.object({ id: z.string(), name: z.string() })

/** An environment as programs and the page see it. */
export const environmentView = z.object({
  id: z.uuid(),
  project: z.object({ id: z.uuid(), name: z.string() }),
  name: z.string(),
  kind: environmentKind,
  /** Its own branch of the main repository; null where it follows the project. */
  branch: z.string().nullable(),
  odooVersion: z.string(),
  modules: moduleSelection,
  database: z.string(),
  stoppedAt: instant.nullable(),
  /** The deployment that waits or runs. */
  running: z
    .object({
      ...{ id: z.uuid(), number: z.number().int(), kind: deploymentKind, by: person, at: instant },
      status: z.enum(['queued', 'running']),
      /** Whether it was asked to stop. */
      cancelling: z.boolean(),
    })
    .nullable(),
  /** The last deployment that is over. */
  last: z
    .object({
      ...{ id: z.uuid(), number: z.number().int(), kind: deploymentKind, by: person, at: instant },
      ...{ status: z.enum(['succeeded', 'failed', 'cancelled']), message: z.string() },
    })
    .nullable(),
  /** The last one that succeeded, with its commits. */
  lastGood: z
    .object({
      ...{ id: z.uuid(), at: instant },
      commits: z.array(z.object({ connectionId: z.uuid(), repositoryId: z.string(), commit: z.string() })),
    })
    .nullable(),
  createdBy: person,
  createdAt: instant,
  /** Place of its last event in its stream. */
  version: z.number().int(),
})
export type EnvironmentView = z.infer<typeof environmentView>
