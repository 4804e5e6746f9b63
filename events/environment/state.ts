import { z } from 'zod'
import { DomainError } from '../error.ts'
import { deploymentKind, environmentKind, moduleSelection, pinnedCommit } from './events.ts'

const openDeployment = z.object({
  id: z.string(),
  number: z.number(),
  kind: deploymentKind,
  is: z.enum(['queued', 'running', 'cancelling']),
  /** Repositories that are to be taken at a chosen commit. */
  commits: z.array(pinnedCommit),
  /** What was taken until now. */
  cloned: z.array(pinnedCommit),
})
export type OpenDeployment = z.infer<typeof openDeployment>

const activeEnvironment = z.object({
  is: z.literal('active'),
  projectId: z.string(),
  name: z.string(),
  kind: environmentKind,
  branch: z.string().nullable(),
  odooVersion: z.string(),
  modules: moduleSelection,
  database: z.string(),
  stopped: z.boolean(),
  /** How many deployments were ever asked for. */
  deployments: z.number(),
  /** The one that waits or runs. */
  deployment: openDeployment.nullable(),
  /** The last one that succeeded. */
  lastGood: z.object({ id: z.string(), commits: z.array(pinnedCommit) }).nullable(),
})
export type ActiveEnvironment = z.infer<typeof activeEnvironment>

/** What the log has established about an environment; stored with its stream's head. */
export const environmentState = z.discriminatedUnion('is', [
  z.object({ is: z.literal('absent') }),
  activeEnvironment,
  z.object({ is: z.literal('deleted') }),
])
export type Environment = z.infer<typeof environmentState>

/** @throws {DomainError} EnvironmentMissing when there is none, or it was deleted. */
export function mustBeEnvironment(state: Environment): ActiveEnvironment {
  if (state.is === 'active') return state
  throw new DomainError(
    'EnvironmentMissing',
    state.is === 'deleted' ? 'This environment was deleted.' : 'There is no such environment.',
  )
}
