import type { ChosenRepository, ProjectEvent, RepositoryReference } from './events.ts'

/** Repositories and histories that tests of projects begin with. */
export const chosen = (name: string, changes: Partial<ChosenRepository> = {}): ChosenRepository => ({
  ...{ connectionId: 'github', baseUrl: 'https://github.com', branch: '17.0' },
  ...{ repositoryId: `id of ${name}`, fullName: `acme/${name}` },
  ...changes,
})

export const referenceTo = ({ connectionId, repositoryId, fullName }: ChosenRepository): RepositoryReference => ({
  ...{ connectionId, repositoryId, fullName },
})

export const created = (name = 'Acme'): ProjectEvent => ({ type: 'ProjectCreated', data: { name } })
export const selected = (data: ChosenRepository): ProjectEvent => ({ type: 'RepositorySelected', data })
export const added = (data: ChosenRepository): ProjectEvent => ({ type: 'AddonRepositoryAdded', data })
export const changed = (data: ChosenRepository): ProjectEvent => ({ type: 'AddonRepositoryChanged', data })
export const removed = (of: ChosenRepository): ProjectEvent => ({
  ...{ type: 'AddonRepositoryRemoved', data: referenceTo(of) },
})
export const reordered = (...order: ChosenRepository[]): ProjectEvent => ({
  ...{ type: 'AddonRepositoriesReordered', data: { order: order.map(referenceTo) } },
})
export const lost = (of: ChosenRepository, reason = 'notFound'): ProjectEvent => ({
  ...{ type: 'RepositoryAccessLost', data: { ...referenceTo(of), reason } },
})
export const regained = (of: ChosenRepository): ProjectEvent => ({
  ...{ type: 'RepositoryAccessRegained', data: referenceTo(of) },
})
export const deleted: ProjectEvent = { type: 'ProjectDeleted', data: {} }
