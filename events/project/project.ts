import type { Decider } from '../decider.ts'
import { DomainError } from '../error.ts'
import { type ProjectEvent, projectEvents } from './events.ts'
import { evolve } from './evolve.ts'
import { type ActiveProject, isReachedBy, mustBeActive, type Project, projectState, repositoriesOf } from './state.ts'
import { changesTo, mustBeDistinct, type WantedProject } from './update.ts'

export type ProjectCommand =
  | ({ type: 'CreateProject' } & WantedProject)
  | ({ type: 'UpdateProject' } & WantedProject)
  | { type: 'LoseRepositoryAccess'; connectionId: string; repositoryId: string; reason: string }
  | { type: 'RegainRepositoryAccess'; connectionId: string; repositoryId: string }
  | {
      type: 'MoveRepositories'
      /** The connection that they are taken through until now. */
      from: string
      to: string
      /** As they are called now, and the branches that were tried. */
      repositories: readonly { repositoryId: string; fullName: string; branch: string }[]
    }
  | {
      type: 'DeleteProject'
      /** Names of the environments that it still has. */
      environments: readonly string[]
    }

const types: ReadonlySet<string> = new Set(projectEvents.map(({ type }) => type))

/** What an organization deploys: a main repository and addon repositories, each through a connection of its own. */
export const project: Decider<Project, ProjectCommand, ProjectEvent> = {
  version: 1,
  streamType: 'project',
  events: projectEvents,
  state: projectState,
  initialState: { is: 'absent' },
  owns: (event): event is typeof event & ProjectEvent => types.has(event.type),

  decide(command, state) {
    if (command.type === 'CreateProject') {
      if (state.is !== 'absent') throw new DomainError('ProjectExists', 'This project already exists.')
      mustBeDistinct(command)
      return create(command)
    }
    // What comes late for a project that is gone concerns nobody; its changes are refused.
    if (state.is === 'deleted' && command.type !== 'UpdateProject') return []
    const active = mustBeActive(state)
    switch (command.type) {
      case 'UpdateProject':
        mustBeDistinct(command)
        return changesTo(command, active)
      case 'LoseRepositoryAccess':
        return loseAccess(command, active)
      case 'RegainRepositoryAccess':
        return regainAccess(command, active)
      case 'MoveRepositories':
        return moveRepositories(command, active)
      case 'DeleteProject':
        mustBeUnused(command.environments)
        return [{ type: 'ProjectDeleted', data: {} }]
    }
  },

  evolve,
}

function mustBeUnused(environments: readonly string[]): void {
  if (environments.length === 0) return
  const names = environments.map((name) => `"${name}"`).join(', ')
  throw new DomainError(
    'ProjectInUse',
    `This project still has the ${environments.length === 1 ? 'environment' : 'environments'} ${names}. Delete ${environments.length === 1 ? 'it' : 'them'} first.`,
  )
}

type Commands<Type> = Extract<ProjectCommand, { type: Type }>

function create({ name, repository, addons }: WantedProject): ProjectEvent[] {
  return [
    { type: 'ProjectCreated', data: { name } },
    { type: 'RepositorySelected', data: repository },
    ...addons.map((addon): ProjectEvent => ({ type: 'AddonRepositoryAdded', data: addon })),
  ]
}

/** What was found out about a repository that the project does not use any more concerns nobody. */
function loseAccess(command: Commands<'LoseRepositoryAccess'>, state: ActiveProject): ProjectEvent[] {
  const { connectionId, repositoryId, reason } = command
  const lost = repositoriesOf(state).find((one) => isReachedBy(one, command))
  if (!lost || lost.accessLost?.reason === reason) return []
  return [{ type: 'RepositoryAccessLost', data: { connectionId, repositoryId, fullName: lost.fullName, reason } }]
}

function regainAccess(command: Commands<'RegainRepositoryAccess'>, state: ActiveProject): ProjectEvent[] {
  const { connectionId, repositoryId } = command
  const lost = repositoriesOf(state).find((one) => isReachedBy(one, command))
  if (!lost?.accessLost) return []
  return [{ type: 'RepositoryAccessRegained', data: { connectionId, repositoryId, fullName: lost.fullName } }]
}

/** Takes repositories through another connection of the same instance; what is not used so any more stays as it is. */
function moveRepositories({ from, to, repositories }: Commands<'MoveRepositories'>, state: ActiveProject) {
  return repositories.flatMap(({ repositoryId, fullName, branch }): ProjectEvent[] => {
    const used = repositoriesOf(state).find((one) => isReachedBy(one, { connectionId: from, repositoryId }))
    if (used?.branch !== branch) return []
    const data = { connectionId: to, repositoryId, fullName, baseUrl: used.baseUrl, branch }
    return [{ type: used === state.repository ? 'RepositorySelected' : 'AddonRepositoryChanged', data }]
  })
}
