import {
  type EnvironmentKind,
  type EnvironmentSettings,
  environment,
  mustBeActive,
  mustBeEnvironment,
  project,
  repositoriesOf,
} from '@git-connections/events'
import type { StreamAppend } from '@git-connections/events/store/append'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { execute } from './execute.ts'
import { readAndHold } from './hold.ts'
import { readConnection } from './hold-connection.ts'
import { claimDatabase } from './odoo-database.ts'

/** An environment as somebody wants it. */
export interface WantedEnvironment extends EnvironmentSettings {
  readonly projectId: string
  readonly kind: EnvironmentKind
  readonly database: string
}

/**
 * Creates an environment of a project.
 * @throws {DomainError} ProjectMissing; DatabaseTaken.
 */
export async function createEnvironment(shell: Shell, wanted: WantedEnvironment, by: Cause): Promise<{ id: string }> {
  // The command's id becomes the environment's, so that a repeated request finds what the first one made.
  const id = by.commandId
  const { organizationId } = by
  await execute(
    shell,
    { decider: environment, streamId: id },
    async () => {
      const holds = await holdProject(shell, wanted.projectId, by)
      await claimDatabase(shell, { organizationId, environmentId: id, database: wanted.database })
      return { command: { type: 'CreateEnvironment' as const, ...wanted }, holds, unlessHeld: false }
    },
    by,
    { request: { createEnvironment: requestOf(wanted) } },
  )
  return { id }
}

/**
 * Makes an environment what is wanted, from its next deployment on.
 * @throws {DomainError} EnvironmentMissing
 */
export async function updateEnvironment(
  shell: Shell,
  { environmentId, ...wanted }: EnvironmentSettings & { environmentId: string },
  by: Cause,
): Promise<void> {
  const command = { type: 'UpdateEnvironment' as const, ...wanted }
  const request = { updateEnvironment: environmentId, ...settingsOf(wanted) }
  await execute(shell, { decider: environment, streamId: environmentId }, command, by, { request })
}

/**
 * Stops an environment: it takes no deployments any more, and no connection is kept for it.
 * @throws {DomainError} EnvironmentMissing; DeploymentRunning.
 */
export async function stopEnvironment(shell: Shell, environmentId: string, by: Cause): Promise<void> {
  const request = { stopEnvironment: environmentId }
  await execute(shell, { decider: environment, streamId: environmentId }, { type: 'StopEnvironment' }, by, { request })
}

/**
 * Takes a stopped environment up again.
 * @throws {DomainError} EnvironmentMissing; ProjectMissing.
 */
export async function resumeEnvironment(shell: Shell, environmentId: string, by: Cause): Promise<void> {
  await execute(
    shell,
    { decider: environment, streamId: environmentId },
    async (state) => {
      const holds = await holdProject(shell, mustBeEnvironment(state).projectId, by)
      return { command: { type: 'ResumeEnvironment' as const }, holds, unlessHeld: false }
    },
    by,
    { request: { resumeEnvironment: environmentId } },
  )
}

/**
 * Deletes an environment; its history and its database stay.
 * @throws {DomainError} EnvironmentMissing; DeploymentRunning.
 */
export async function deleteEnvironment(shell: Shell, environmentId: string, by: Cause): Promise<void> {
  const request = { deleteEnvironment: environmentId }
  await execute(shell, { decider: environment, streamId: environmentId }, { type: 'DeleteEnvironment' }, by, {
    request,
  })
}

/** The project, and the connections that an active environment of it depends on. */
async function holdProject(shell: Shell, projectId: string, by: Cause): Promise<StreamAppend[]> {
  const { state, hold } = await readAndHold(shell, { decider: project, streamId: projectId }, by)
  const ids = [...new Set(repositoriesOf(mustBeActive(state)).map(({ connectionId }) => connectionId))]
  const connections = await Promise.all(ids.map((id) => readConnection(shell, id, by)))
  return [hold, ...connections.map((connection) => connection.hold)]
}

function requestOf({ projectId, kind, database, ...settings }: WantedEnvironment) {
  return { projectId, kind, database, ...settingsOf(settings) }
}

function settingsOf({ name, branch, odooVersion, modules }: EnvironmentSettings) {
  return { name, branch, odooVersion, modules: modules === 'all' ? modules : [...modules] }
}
