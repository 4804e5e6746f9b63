import type { ClonedRepository, DeployedModule, EnvironmentEvent, PinnedCommit } from './events.ts'

type DataOf<Type> = Extract<EnvironmentEvent, { type: Type }>['data']

/** Environments and deployments that tests begin with. */
export const created = (changes: Partial<DataOf<'EnvironmentCreated'>> = {}): EnvironmentEvent => ({
  type: 'EnvironmentCreated',
  data: {
    ...{ projectId: 'shop', name: 'Staging', kind: 'staging', branch: null, odooVersion: '17.0' },
    ...{ modules: 'all', database: 'shop_staging', ...changes },
  },
})
export const stopped: EnvironmentEvent = { type: 'EnvironmentStopped', data: {} }
export const resumed: EnvironmentEvent = { type: 'EnvironmentResumed', data: {} }
export const deleted: EnvironmentEvent = { type: 'EnvironmentDeleted', data: {} }

export const pinned = (name: string, commit: string): PinnedCommit => ({
  ...{ connectionId: 'github', repositoryId: `id of ${name}`, commit },
})
export const cloned = (name: string, commit: string): ClonedRepository => ({
  ...pinned(name, commit),
  ...{ fullName: `acme/${name}`, branch: '17.0', credentialVersion: 1 },
  ...{ subject: 'Add a field', author: 'Ada', committedAt: '2026-11-28T10:00:00.000Z' },
})
export const deployed = (name: string, hash: string): DeployedModule => ({
  ...{ name, hash, version: '17.0.1.0.0', repository: 'acme/main' },
})

export const requested = (number: number, changes: Partial<DataOf<'DeploymentRequested'>> = {}): EnvironmentEvent => ({
  type: 'DeploymentRequested',
  data: { deploymentId: `deployment ${number}`, number, kind: 'deploy', of: null, commits: [], ...changes },
})
export const started = (number: number): EnvironmentEvent => ({
  ...{ type: 'DeploymentStarted', data: { deploymentId: `deployment ${number}` } },
})
export const took = (number: number, repository: ClonedRepository): EnvironmentEvent => ({
  ...{ type: 'RepositoryCloned', data: { deploymentId: `deployment ${number}`, ...repository } },
})
export const succeeded = (number: number): EnvironmentEvent => ({
  type: 'DeploymentSucceeded',
  data: { deploymentId: `deployment ${number}`, message: 'Odoo installed 1 module.', warnings: 0 },
})
export const failed = (number: number): EnvironmentEvent => ({
  type: 'DeploymentFailed',
  data: {
    ...{ deploymentId: `deployment ${number}`, step: 'fetch', reason: 'unreachable' },
    ...{ message: 'git was not answered in time.', remedy: 'Try again.' },
  },
})
export const asked = (number: number): EnvironmentEvent => ({
  ...{ type: 'CancellationRequested', data: { deploymentId: `deployment ${number}` } },
})
export const cancelled = (number: number, step: DataOf<'DeploymentCancelled'>['step']): EnvironmentEvent => ({
  ...{ type: 'DeploymentCancelled', data: { deploymentId: `deployment ${number}`, step } },
})
