import { DomainError } from '../error.ts'
import type { ChosenRepository, ProjectEvent, RepositoryReference } from './events.ts'
import { type ActiveProject, isReachedBy, isSame } from './state.ts'

/** A project as it is wanted, whole. */
export interface WantedProject {
  readonly name: string
  readonly repository: ChosenRepository
  /** The earlier one goes before the later one. */
  readonly addons: readonly ChosenRepository[]
}

/** @throws {DomainError} RepositoryTwice, naming the repository and the place where it comes again. */
export function mustBeDistinct({ repository, addons }: WantedProject): void {
  for (const [index, addon] of addons.entries()) {
    const field = `addons.${index}.repositoryId`
    if (isSame(addon, repository)) {
      throw new DomainError('RepositoryTwice', `${addon.fullName} is the main repository of this project already.`, {
        field,
      })
    }
    if (addons.slice(0, index).some((earlier) => isSame(addon, earlier))) {
      throw new DomainError('RepositoryTwice', `${addon.fullName} is an addon repository of this project already.`, {
        field,
      })
    }
  }
}

/** The fewest events that make the project what is wanted, in an order in which no repository is ever there twice. */
export function changesTo(wanted: WantedProject, state: ActiveProject): ProjectEvent[] {
  const { name, repository, addons } = wanted
  const events: ProjectEvent[] = []
  if (name !== state.name) events.push({ type: 'ProjectRenamed', data: { name } })
  const kept = state.addons.filter((before) => addons.some((addon) => isSame(addon, before)))
  for (const gone of state.addons) {
    if (!kept.includes(gone)) events.push({ type: 'AddonRepositoryRemoved', data: referenceTo(gone) })
  }
  if (!state.repository || !isSame(repository, state.repository) || differs(repository, state.repository)) {
    events.push({ type: 'RepositorySelected', data: repository })
  }
  const added: ChosenRepository[] = []
  for (const addon of addons) {
    const before = kept.find((one) => isSame(addon, one))
    if (!before) added.push(addon)
    else if (differs(addon, before)) events.push({ type: 'AddonRepositoryChanged', data: addon })
  }
  for (const addon of added) events.push({ type: 'AddonRepositoryAdded', data: addon })
  const order = [...kept, ...added]
  if (addons.some((addon, index) => !isSame(addon, order[index] ?? addon))) {
    events.push({ type: 'AddonRepositoriesReordered', data: { order: addons.map(referenceTo) } })
  }
  return events
}

function differs(one: ChosenRepository, other: ChosenRepository): boolean {
  return one.branch !== other.branch || !isReachedBy(one, other)
}

function referenceTo({ connectionId, repositoryId, fullName }: ChosenRepository): RepositoryReference {
  return { connectionId, repositoryId, fullName }
}
