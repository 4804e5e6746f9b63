import type { Decider } from '../decider.ts'
import { DomainError } from '../error.ts'
import { type DeploymentCommand, decideDeployment } from './deployment.ts'
import { type EnvironmentEvent, type EnvironmentKind, environmentEvents, type ModuleSelection } from './events.ts'
import { evolve } from './evolve.ts'
import { type ActiveEnvironment, type Environment, environmentState, mustBeEnvironment } from './state.ts'

/** What can be changed later. */
export interface EnvironmentSettings {
  readonly name: string
  /** Of the main repository; null for the project's own. */
  readonly branch: string | null
  readonly odooVersion: string
  readonly modules: ModuleSelection
}

export type EnvironmentCommand =
  | ({
      type: 'CreateEnvironment'
      projectId: string
      kind: EnvironmentKind
      database: string
    } & EnvironmentSettings)
  | ({ type: 'UpdateEnvironment' } & EnvironmentSettings)
  | { type: 'StopEnvironment' }
  | { type: 'ResumeEnvironment' }
  | { type: 'DeleteEnvironment' }
  | DeploymentCommand

const types: ReadonlySet<string> = new Set(environmentEvents.map(({ type }) => type))

/** Where a project runs: a branch, an Odoo version, modules and a database, and what was deployed there. */
export const environment: Decider<Environment, EnvironmentCommand, EnvironmentEvent> = {
  version: 1,
  streamType: 'environment',
  events: environmentEvents,
  state: environmentState,
  initialState: { is: 'absent' },
  owns: (event): event is typeof event & EnvironmentEvent => types.has(event.type),

  decide(command, state) {
    if (command.type === 'CreateEnvironment') {
      if (state.is !== 'absent') throw new DomainError('EnvironmentExists', 'This environment already exists.')
      const { type, ...data } = command
      return [{ type: 'EnvironmentCreated', data }]
    }
    if (command.type === 'DeleteEnvironment' && state.is === 'deleted') return []
    const active = mustBeEnvironment(state)
    switch (command.type) {
      case 'UpdateEnvironment':
        return changesTo(command, active)
      case 'StopEnvironment':
        mustRest(active, 'stop')
        return active.stopped ? [] : [{ type: 'EnvironmentStopped', data: {} }]
      case 'ResumeEnvironment':
        return active.stopped ? [{ type: 'EnvironmentResumed', data: {} }] : []
      case 'DeleteEnvironment':
        mustRest(active, 'delete')
        return [{ type: 'EnvironmentDeleted', data: {} }]
      default:
        return decideDeployment(command, active)
    }
  },

  evolve,
}

function mustRest({ deployment, name }: ActiveEnvironment, what: string): void {
  if (!deployment) return
  throw new DomainError(
    'DeploymentRunning',
    `Deployment ${deployment.number} of "${name}" is not over. Cancel it or wait for it, then ${what} the environment.`,
  )
}

function changesTo(wanted: EnvironmentSettings, now: ActiveEnvironment): EnvironmentEvent[] {
  const { name, branch, odooVersion, modules } = wanted
  const events: EnvironmentEvent[] = []
  if (name !== now.name) events.push({ type: 'EnvironmentRenamed', data: { name } })
  if (branch !== now.branch) events.push({ type: 'BranchSelected', data: { branch } })
  if (odooVersion !== now.odooVersion) events.push({ type: 'OdooVersionSelected', data: { odooVersion } })
  if (!isSameSelection(modules, now.modules)) events.push({ type: 'ModulesSelected', data: { modules } })
  return events
}

function isSameSelection(one: ModuleSelection, other: ModuleSelection): boolean {
  if (one === 'all' || other === 'all') return one === other
  return one.length === other.length && one.every((name) => other.includes(name))
}
