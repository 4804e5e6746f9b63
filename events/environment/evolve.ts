import type { EnvironmentEvent } from './events.ts'
import type { ActiveEnvironment, Environment, OpenDeployment } from './state.ts'

/** What an event makes of an environment. */
export function evolve(state: Environment, event: EnvironmentEvent): Environment {
  if (event.type === 'EnvironmentCreated') {
    if (state.is !== 'absent') return state
    return { is: 'active', ...event.data, stopped: false, deployments: 0, deployment: null, lastGood: null }
  }
  if (state.is !== 'active') return state
  switch (event.type) {
    case 'EnvironmentRenamed':
    case 'BranchSelected':
    case 'OdooVersionSelected':
    case 'ModulesSelected':
      return { ...state, ...event.data }
    case 'EnvironmentStopped':
      return { ...state, stopped: true }
    case 'EnvironmentResumed':
      return { ...state, stopped: false }
    case 'EnvironmentDeleted':
      return { is: 'deleted' }
    case 'DeploymentRequested': {
      const { deploymentId: id, number, kind, commits } = event.data
      return { ...state, deployments: number, deployment: { id, number, kind, is: 'queued', commits, cloned: [] } }
    }
    case 'DeploymentStarted':
      return withOpen(state, event.data.deploymentId, (open) => ({ ...open, is: 'running' }))
    case 'CancellationRequested':
      return withOpen(state, event.data.deploymentId, (open) => ({ ...open, is: 'cancelling' }))
    case 'RepositoryCloned': {
      const { deploymentId, connectionId, repositoryId, commit } = event.data
      return withOpen(state, deploymentId, (open) => ({
        ...open,
        cloned: [
          ...open.cloned.filter((one) => one.connectionId !== connectionId || one.repositoryId !== repositoryId),
          { connectionId, repositoryId, commit },
        ],
      }))
    }
    case 'ModulesInstalled':
    case 'InstallPlanned':
      return state
    case 'DeploymentSucceeded': {
      const { deploymentId: id } = event.data
      const commits = state.deployment?.id === id ? state.deployment.cloned : []
      return { ...withOpen(state, id, () => null), lastGood: { id, commits } }
    }
    case 'DeploymentFailed':
    case 'DeploymentCancelled':
      return withOpen(state, event.data.deploymentId, () => null)
  }
}

function withOpen(
  state: ActiveEnvironment,
  deploymentId: string,
  change: (open: OpenDeployment) => OpenDeployment | null,
): ActiveEnvironment {
  const { deployment } = state
  return deployment?.id === deploymentId ? { ...state, deployment: change(deployment) } : state
}
