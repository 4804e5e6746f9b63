import { DomainError } from '../error.ts'
import type {
  ClonedRepository,
  DeployedModule,
  DeploymentKind,
  DeploymentStep,
  EnvironmentEvent,
  PinnedCommit,
} from './events.ts'
import type { ActiveEnvironment, OpenDeployment } from './state.ts'

type Of = { readonly deploymentId: string }

/** What happens to the deployments of an environment, one at a time. */
export type DeploymentCommand =
  | ({
      type: 'RequestDeployment'
      kind: DeploymentKind
      of: string | null
      commits: readonly PinnedCommit[]
    } & Of)
  | ({ type: 'StartDeployment' } & Of)
  | ({ type: 'RecordClone'; repository: ClonedRepository } & Of)
  | ({
      type: 'RecordModules'
      /** Whether Odoo took them in; otherwise they were planned for somebody to install. */
      installed: boolean
      install: readonly DeployedModule[]
      update: readonly DeployedModule[]
    } & Of)
  | ({ type: 'SucceedDeployment'; message: string; warnings: number } & Of)
  | ({ type: 'FailDeployment'; step: DeploymentStep; reason: string; message: string; remedy: string } & Of)
  | ({ type: 'RequestCancellation' } & Of)
  | ({ type: 'CancelDeployment'; step: DeploymentStep } & Of)

/**
 * What a command leads to in an environment that is there.
 * @throws {DomainError} EnvironmentStopped; DeploymentRunning; DeploymentOver when it is no longer the open one.
 */
export function decideDeployment(command: DeploymentCommand, state: ActiveEnvironment): EnvironmentEvent[] {
  if (command.type === 'RequestDeployment') return request(command, state)
  const { deploymentId } = command
  const open = state.deployment
  if (open?.id !== deploymentId) throw new DomainError('DeploymentOver', 'This deployment is over already.')
  switch (command.type) {
    case 'StartDeployment':
      return open.is === 'queued' ? [{ type: 'DeploymentStarted', data: { deploymentId } }] : []
    case 'RecordClone':
      return recordClone(command.repository, open)
    case 'RecordModules': {
      const { install, update } = command
      if (install.length + update.length === 0) return []
      const data = { deploymentId, install: [...install], update: [...update] }
      return [{ type: command.installed ? 'ModulesInstalled' : 'InstallPlanned', data }]
    }
    case 'SucceedDeployment': {
      const { message, warnings } = command
      return [{ type: 'DeploymentSucceeded', data: { deploymentId, message, warnings } }]
    }
    case 'FailDeployment': {
      const { type, ...data } = command
      return [{ type: 'DeploymentFailed', data }]
    }
    case 'RequestCancellation':
      return cancel(open)
    case 'CancelDeployment':
      return [{ type: 'DeploymentCancelled', data: { deploymentId, step: command.step } }]
  }
}

function request(
  { deploymentId, kind, of, commits }: Extract<DeploymentCommand, { type: 'RequestDeployment' }>,
  state: ActiveEnvironment,
): EnvironmentEvent[] {
  if (state.stopped) {
    throw new DomainError('EnvironmentStopped', `"${state.name}" is stopped. Resume it, then deploy.`)
  }
  if (state.deployment) {
    throw new DomainError(
      'DeploymentRunning',
      `Deployment ${state.deployment.number} of "${state.name}" is not over. Wait for it, or cancel it.`,
    )
  }
  const data = {
    ...{ deploymentId, of, commits: [...commits], number: state.deployments + 1 },
    // Before the first success there is nothing to bring up to date.
    kind: kind === 'sync' && !state.lastGood ? ('deploy' as const) : kind,
  }
  return [{ type: 'DeploymentRequested', data }]
}

/** A run that was cut off and began again takes the same commits, and tells them once. */
function recordClone(repository: ClonedRepository, open: OpenDeployment): EnvironmentEvent[] {
  const known = open.cloned.some(
    ({ connectionId, repositoryId, commit }) =>
      connectionId === repository.connectionId &&
      repositoryId === repository.repositoryId &&
      commit === repository.commit,
  )
  return known ? [] : [{ type: 'RepositoryCloned', data: { deploymentId: open.id, ...repository } }]
}

/** What has not begun is over at once; what runs is asked to stop. */
function cancel({ id: deploymentId, is }: OpenDeployment): EnvironmentEvent[] {
  switch (is) {
    case 'queued':
      return [{ type: 'DeploymentCancelled', data: { deploymentId, step: null } }]
    case 'running':
      return [{ type: 'CancellationRequested', data: { deploymentId } }]
    case 'cancelling':
      return []
  }
}
