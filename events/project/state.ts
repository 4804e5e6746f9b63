import { z } from 'zod'
import { DomainError } from '../error.ts'
import { type ChosenRepository, chosenRepository } from './events.ts'

/** A repository with what is known of the access to it. */
export const usedRepository = chosenRepository.extend({
  /** Null while the connection reaches it, as far as is known. */
  accessLost: z.object({ reason: z.string() }).nullable(),
})
export type UsedRepository = z.infer<typeof usedRepository>

const activeProject = z.object({
  is: z.literal('active'),
  name: z.string(),
  /** Null only between the first two events of a project, which are recorded together. */
  repository: usedRepository.nullable(),
  /** The earlier one goes before the later one. */
  addons: z.array(usedRepository),
})
export type ActiveProject = z.infer<typeof activeProject>

/** What the log has established about a project; stored with its stream's head. */
export const projectState = z.discriminatedUnion('is', [
  z.object({ is: z.literal('absent') }),
  activeProject,
  z.object({ is: z.literal('deleted') }),
])
export type Project = z.infer<typeof projectState>

/** @throws {DomainError} ProjectMissing when there is none, or it was deleted. */
export function mustBeActive(state: Project): ActiveProject {
  if (state.is === 'active') return state
  throw new DomainError(
    'ProjectMissing',
    state.is === 'deleted' ? 'This project was deleted.' : 'There is no such project.',
  )
}

type Place = Pick<ChosenRepository, 'baseUrl' | 'repositoryId'>
type Reach = Pick<ChosenRepository, 'connectionId' | 'repositoryId'>

/** Whether these are one repository, through whichever connection. */
export function isSame(one: Place, other: Place): boolean {
  return one.baseUrl === other.baseUrl && one.repositoryId === other.repositoryId
}

/** Whether these are one repository through one connection. */
export function isReachedBy(one: Reach, other: Reach): boolean {
  return one.connectionId === other.connectionId && one.repositoryId === other.repositoryId
}

/** All repositories of a project, the main one first. */
export function repositoriesOf({ repository, addons }: ActiveProject): UsedRepository[] {
  return repository ? [repository, ...addons] : addons
}
