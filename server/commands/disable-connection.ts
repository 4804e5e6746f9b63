import { connection } from '@git-connections/events'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { groundInDependents } from './dependents.ts'
import { execute } from './execute.ts'

/**
 * Disables a connection without deleting it.
 * @throws {DomainError} HasDependents unless `seen` is the mark of what depends on it now.
 */
export async function disableConnection(
  shell: Shell,
  input: { connectionId: string; reason: string | null; seen: string | undefined },
  by: Cause,
): Promise<void> {
  const { connectionId, reason, seen } = input
  const { organizationId } = by
  await execute(
    shell,
    { decider: connection, streamId: connectionId },
    groundInDependents(shell.db, { organizationId, connectionId, seen }, (unseen) => ({
      ...{ type: 'DisableConnection', reason, unseen },
    })),
    by,
    { request: { type: 'DisableConnection', reason } },
  )
}
