import {
  type ChosenRepository,
  connection,
  DomainError,
  isReachedBy,
  type LinkedConnection,
  mustBeActive,
  project,
  repositoriesOf,
} from '@git-connections/events'
import { readHead } from '@git-connections/events/store'
import type { StreamAppend } from '@git-connections/events/store/append'
import { findRepository } from '../repositories/find-repository.ts'
import type { Shell } from '../shell.ts'
import { type Cause, execute } from './execute.ts'

/** A repository as somebody chooses it. */
export interface Choice {
  readonly connectionId: string
  readonly repositoryId: string
  readonly branch: string
}

/** A project as somebody wants it, whole; the earlier addon goes before the later one. */
export interface Wanted {
  readonly name: string
  readonly repository: Choice
  readonly addons: readonly Choice[]
}

/**
 * Creates a project.
 * @throws {DomainError} naming the field: ConnectionMissing, ConnectionDisabled, RepositoryMissing, RepositoryTwice.
 */
export async function createProject(shell: Shell, wanted: Wanted, by: Cause): Promise<{ id: string }> {
  // The command's id becomes the project's, so that a repeated request finds what the first one made.
  const id = by.commandId
  await execute(
    shell,
    { decider: project, streamId: id },
    async () => {
      const { chosen, holds } = await choose(shell, wanted, [], by)
      return { command: { type: 'CreateProject' as const, ...chosen }, holds, unlessHeld: false }
    },
    by,
    { request: { createProject: requestOf(wanted) } },
  )
  return { id }
}

/**
 * Makes a project what is wanted. What it uses already stays, also through a connection that can't be chosen anew.
 * @throws {DomainError} ProjectMissing, and what `createProject` throws.
 */
export async function updateProject(shell: Shell, projectId: string, wanted: Wanted, by: Cause): Promise<void> {
  await execute(
    shell,
    { decider: project, streamId: projectId },
    async (state) => {
      const { chosen, holds } = await choose(shell, wanted, repositoriesOf(mustBeActive(state)), by)
      return { command: { type: 'UpdateProject' as const, ...chosen }, holds, unlessHeld: false }
    },
    by,
    { request: { updateProject: projectId, ...requestOf(wanted) } },
  )
}

/** Deletes a project; its history stays. */
export async function deleteProject(shell: Shell, projectId: string, by: Cause): Promise<void> {
  const request = { deleteProject: projectId }
  await execute(shell, { decider: project, streamId: projectId }, { type: 'DeleteProject' }, by, { request })
}

function requestOf({ name, repository, addons }: Wanted) {
  return { name, repository: { ...repository }, addons: addons.map((addon) => ({ ...addon })) }
}

/** Looks up what is newly chosen, and holds the connections that it is chosen through. */
async function choose(shell: Shell, wanted: Wanted, known: readonly ChosenRepository[], by: Cause) {
  const { name, repository, addons } = wanted
  const fields = ['repository', ...addons.map((_, index) => `addons.${index}`)]
  const connections = new Map<string, ReturnType<typeof readConnection>>()
  const chosen: ChosenRepository[] = []
  for (const [index, choice] of [repository, ...addons].entries()) {
    const { connectionId, repositoryId, branch } = choice
    const kept = known.find((one) => isReachedBy(one, choice))
    if (kept) {
      chosen.push({ connectionId, repositoryId, fullName: kept.fullName, baseUrl: kept.baseUrl, branch })
      continue
    }
    const reading = connections.get(connectionId) ?? readConnection(shell, connectionId, by)
    connections.set(connectionId, reading)
    const { linked } = usable(await reading, `${fields[index]}.connectionId`)
    const { organizationId } = by
    const found = await findRepository(shell, { organizationId, connectionId, repositoryId })
    if (!found) {
      throw new DomainError(
        'RepositoryMissing',
        `The connection "${linked.name}" does not reach this repository, or has not listed it yet.`,
        { field: `${fields[index]}.repositoryId` },
      )
    }
    chosen.push({ connectionId, repositoryId, fullName: found.fullName, baseUrl: linked.baseUrl, branch })
  }
  const holds = (await Promise.all(connections.values())).map(({ hold }) => hold)
  const [main, ...others] = chosen
  if (!main) throw new Error('A project is wanted without a repository')
  return { chosen: { name, repository: main, addons: others }, holds }
}

/** A connection as it is now, and the mark by which an append counts on its staying so. */
async function readConnection({ store }: Shell, connectionId: string, { organizationId, commandId }: Cause) {
  const { state, version } = await readHead(store.db, store.registry, connection, {
    ...{ organizationId, streamId: connectionId, commandId },
    inline: [],
  })
  const hold: StreamAppend = {
    ...{ streamType: connection.streamType, streamId: connectionId, expectedVersion: version },
    ...{ events: [], state, stateVersion: connection.version },
  }
  return { state, hold }
}

/** @throws {DomainError} ConnectionMissing or ConnectionDisabled when nothing can be chosen through it. */
function usable({ state }: Awaited<ReturnType<typeof readConnection>>, field: string): { linked: LinkedConnection } {
  if (state.is === 'absent') throw new DomainError('ConnectionMissing', 'There is no such connection.', { field })
  if (state.is === 'deleted') {
    throw new DomainError('ConnectionMissing', `The connection "${state.linked.name}" was deleted.`, { field })
  }
  if (!state.enabled) {
    throw new DomainError(
      'ConnectionDisabled',
      `The connection "${state.name}" is disabled. Enable it, or choose another one.`,
      { field },
    )
  }
  return { linked: state }
}
