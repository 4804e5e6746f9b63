import {
  DomainError,
  environment,
  type LinkedConnection,
  mustBeActive,
  mustBeEnvironment,
  type PinnedCommit,
  project,
  repositoriesOf,
  statusMeaning,
} from '@git-connections/events'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { execute } from './execute.ts'
import { readAndHold } from './hold.ts'
import { readConnection } from './hold-connection.ts'

/** Which deployment is wanted. */
export type WantedDeployment =
  /** All repositories at their branch's latest commit, or the main one at a chosen commit. */
  | { readonly kind: 'deploy' | 'sync'; readonly environmentId: string; readonly commit: string | null }
  /** The commits of an earlier one: again, or back to them. */
  | { readonly kind: 'retry' | 'rollback'; readonly environmentId: string; readonly deploymentId: string }

/**
 * Asks for a deployment; a job carries it out.
 * @throws {DomainError} EnvironmentMissing, EnvironmentStopped, DeploymentRunning; ConnectionMissing, ConnectionDisabled
 * or ConnectionBroken with what to do; DeploymentMissing where there is none to do again.
 */
export async function requestDeployment(shell: Shell, wanted: WantedDeployment, by: Cause): Promise<{ id: string }> {
  const { environmentId, kind } = wanted
  // The command's id becomes the deployment's, so that a repeated request finds what the first one asked for.
  const deploymentId = by.commandId
  await execute(
    shell,
    { decider: environment, streamId: environmentId },
    async (state) => {
      const { projectId } = mustBeEnvironment(state)
      const { state: of } = await readAndHold(shell, { decider: project, streamId: projectId }, by)
      const used = repositoriesOf(mustBeActive(of))
      const connectionIds = new Set(used.map(({ connectionId }) => connectionId))
      for (const id of connectionIds) mustWork((await readConnection(shell, id, by)).state)
      const [main] = used
      const commits =
        'deploymentId' in wanted
          ? await commitsOf(shell, by.organizationId, wanted)
          : main && wanted.commit
            ? [{ connectionId: main.connectionId, repositoryId: main.repositoryId, commit: wanted.commit }]
            : []
      const command = { type: 'RequestDeployment' as const, deploymentId, kind, of: sourceOf(wanted), commits }
      return { command, holds: [], unlessHeld: false }
    },
    by,
    { request: { requestDeployment: environmentId, kind, of: sourceOf(wanted), commit: commitOf(wanted) } },
  )
  return { id: deploymentId }
}

/**
 * Stops a deployment: at once when it has not begun; else its job does as soon as it can.
 * @throws {DomainError} EnvironmentMissing; DeploymentOver.
 */
export async function cancelDeployment(
  shell: Shell,
  { environmentId, deploymentId }: { environmentId: string; deploymentId: string },
  by: Cause,
): Promise<void> {
  const command = { type: 'RequestCancellation' as const, deploymentId }
  const request = { cancelDeployment: deploymentId }
  await execute(shell, { decider: environment, streamId: environmentId }, command, by, { request })
}

/** A connection as a deployment can use it. */
type Read = Awaited<ReturnType<typeof readConnection>>['state']

/** @throws {DomainError} with the reason and the remedy when nothing can be deployed through a connection. */
export function mustWork(state: Read): LinkedConnection {
  if (state.is === 'absent') throw new DomainError('ConnectionMissing', 'A repository has no connection any more.')
  if (state.is === 'deleted') {
    const { name } = state.linked
    const remedy = 'Restore it, or choose another connection in the project.'
    throw new DomainError('ConnectionMissing', `The connection "${name}" was deleted. ${remedy}`)
  }
  if (!state.enabled) {
    const remedy = 'Enable it, or choose another connection in the project.'
    throw new DomainError('ConnectionDisabled', `The connection "${state.name}" is disabled. ${remedy}`)
  }
  switch (state.status) {
    case 'active':
    case 'pending':
      return state
    case 'expired':
    case 'revoked':
    case 'error':
    case 'invalid': {
      const meaning = statusMeaning[state.status]
      const remedy = 'Validate it, renew its credential, or choose another connection in the project.'
      throw new DomainError(
        'ConnectionBroken',
        `The connection "${state.name}" does not work (${state.status}: ${meaning}). ${remedy}`,
      )
    }
  }
}

async function commitsOf(
  shell: Shell,
  organizationId: string,
  { kind, environmentId, deploymentId }: Extract<WantedDeployment, { deploymentId: string }>,
): Promise<PinnedCommit[]> {
  await shell.runner.caughtUp('deployment', organizationId)
  const row = await shell.db
    .selectFrom('deployment')
    .select(['status', 'number', 'repositories'])
    .where('organization_id', '=', organizationId)
    .where('environment_id', '=', environmentId)
    .where('deployment_id', '=', deploymentId)
    .executeTakeFirst()
  if (!row) throw new DomainError('DeploymentMissing', 'There is no such deployment of this environment.')
  if (kind === 'rollback' && row.status !== 'succeeded') {
    throw new DomainError(
      'DeploymentMissing',
      `Deployment ${row.number} did not succeed: there is nothing to go back to.`,
    )
  }
  return row.repositories.map(({ connectionId, repositoryId, commit }) => ({ connectionId, repositoryId, commit }))
}

function sourceOf(wanted: WantedDeployment): string | null {
  return 'deploymentId' in wanted ? wanted.deploymentId : null
}

function commitOf(wanted: WantedDeployment): string | null {
  return 'commit' in wanted ? wanted.commit : null
}
