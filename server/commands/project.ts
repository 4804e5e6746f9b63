import {
  type ChosenRepository,
  DomainError,
  isReachedBy,
  mustBeActive,
  project,
  repositoriesOf,
} from '@git-connections/events'
import { findRepository } from '../repositories/find-repository.ts'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { execute } from './execute.ts'
import { readConnection, usable } from './hold-connection.ts'

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

/**
 * Deletes a project; its history stays.
 * @throws {DomainError} ProjectMissing; ProjectInUse while it has environments.
 */
export async function deleteProject(shell: Shell, projectId: string, by: Cause): Promise<void> {
  await execute(
    shell,
    { decider: project, streamId: projectId },
    async () => {
      const rows = await shell.db
        .selectFrom('environment_status')
        .select('name')
        .where('organization_id', '=', by.organizationId)
        .where('project_id', '=', projectId)
        .where('deleted_at', 'is', null)
        .orderBy('name')
        .execute()
      const environments = rows.map(({ name }) => name)
      // An environment that is being made at this moment counts on the project's stream.
      return { command: { type: 'DeleteProject' as const, environments }, holds: [], unlessHeld: true }
    },
    by,
    { request: { deleteProject: projectId } },
  )
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
