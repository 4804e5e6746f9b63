import { z } from 'zod'
import { defineEvent, type EventOf } from '../event.ts'

/** Which repository of those that a project uses. */
const reference = {
  connectionId: z.string(),
  /** The provider's own, which a rename or transfer keeps; unique on one instance of the provider only. */
  repositoryId: z.string(),
  /** As it was called then. */
  fullName: z.string(),
}
const repositoryReference = z.object(reference)
export type RepositoryReference = z.infer<typeof repositoryReference>

/** A repository as a project uses it. */
export const chosenRepository = z.object({
  ...reference,
  /** The web root of the instance that the connection is of, without an end slash. */
  baseUrl: z.string(),
  branch: z.string(),
})
export type ChosenRepository = z.infer<typeof chosenRepository>

export const projectCreated = defineEvent('ProjectCreated', { version: 1, data: z.object({ name: z.string() }) })
export const projectRenamed = defineEvent('ProjectRenamed', { version: 1, data: z.object({ name: z.string() }) })

/** The main repository, or another branch of it, or the same through another connection. */
export const repositorySelected = defineEvent('RepositorySelected', { version: 1, data: chosenRepository })

/** An addon repository came after those that there were. */
export const addonRepositoryAdded = defineEvent('AddonRepositoryAdded', { version: 1, data: chosenRepository })

/** An addon repository is taken from another branch, or through another connection; it keeps its place. */
export const addonRepositoryChanged = defineEvent('AddonRepositoryChanged', { version: 1, data: chosenRepository })
export const addonRepositoryRemoved = defineEvent('AddonRepositoryRemoved', { version: 1, data: repositoryReference })

/** All addon repositories in their new order; of two that hold the same module the earlier one counts. */
export const addonRepositoriesReordered = defineEvent('AddonRepositoriesReordered', {
  version: 1,
  data: z.object({ order: z.array(repositoryReference) }),
})

/** The connection works, but not for this repository any more. */
export const repositoryAccessLost = defineEvent('RepositoryAccessLost', {
  version: 1,
  data: repositoryReference.extend({
    /** Why, as a word for programs. */
    reason: z.string(),
  }),
})
export const repositoryAccessRegained = defineEvent('RepositoryAccessRegained', {
  version: 1,
  data: repositoryReference,
})

export const projectDeleted = defineEvent('ProjectDeleted', { version: 1, data: z.object({}) })

export const projectEvents = [
  projectCreated,
  projectRenamed,
  repositorySelected,
  addonRepositoryAdded,
  addonRepositoryChanged,
  addonRepositoryRemoved,
  addonRepositoriesReordered,
  repositoryAccessLost,
  repositoryAccessRegained,
  projectDeleted,
] as const
export type ProjectEvent = EventOf<(typeof projectEvents)[number]>
