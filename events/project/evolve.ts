import type { ChosenRepository, ProjectEvent } from './events.ts'
import { type ActiveProject, isReachedBy, isSame, type Project, type UsedRepository } from './state.ts'

/** What an event makes of a project. */
export function evolve(state: Project, event: ProjectEvent): Project {
  if (event.type === 'ProjectCreated') {
    return state.is === 'absent' ? { is: 'active', name: event.data.name, repository: null, addons: [] } : state
  }
  if (state.is !== 'active') return state
  switch (event.type) {
    case 'ProjectRenamed':
      return { ...state, name: event.data.name }
    case 'RepositorySelected':
      return { ...state, repository: used(event.data, state.repository) }
    case 'AddonRepositoryAdded':
      return { ...state, addons: [...state.addons, used(event.data, null)] }
    case 'AddonRepositoryChanged': {
      const { data } = event
      return { ...state, addons: state.addons.map((addon) => (isSame(addon, data) ? used(data, addon) : addon)) }
    }
    case 'AddonRepositoryRemoved':
      return { ...state, addons: state.addons.filter((addon) => !isReachedBy(addon, event.data)) }
    case 'AddonRepositoriesReordered': {
      const { order } = event.data
      return { ...state, addons: order.flatMap((next) => state.addons.filter((addon) => isReachedBy(addon, next))) }
    }
    case 'RepositoryAccessLost': {
      const { reason } = event.data
      return withAccess(state, event.data, { reason })
    }
    case 'RepositoryAccessRegained':
      return withAccess(state, event.data, null)
    case 'ProjectDeleted':
      return { is: 'deleted' }
  }
}

/** A lost access stays lost through a change of the branch, and is open again through another connection. */
function used(chosen: ChosenRepository, before: UsedRepository | null): UsedRepository {
  return { ...chosen, accessLost: before && isReachedBy(before, chosen) ? before.accessLost : null }
}

function withAccess(
  state: ActiveProject,
  of: { connectionId: string; repositoryId: string },
  accessLost: UsedRepository['accessLost'],
): ActiveProject {
  const change = (one: UsedRepository) => (isReachedBy(one, of) ? { ...one, accessLost } : one)
  return { ...state, repository: state.repository && change(state.repository), addons: state.addons.map(change) }
}
