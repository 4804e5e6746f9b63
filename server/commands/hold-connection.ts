import { connection, DomainError, type LinkedConnection } from '@git-connections/events'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { readAndHold } from './hold.ts'

/** A connection as it is now, and the mark by which an append counts on its staying so. */
export function readConnection(shell: Pick<Shell, 'store'>, connectionId: string, by: Cause) {
  return readAndHold(shell, { decider: connection, streamId: connectionId }, by)
}

/** @throws {DomainError} ConnectionMissing or ConnectionDisabled when nothing can be chosen through it. */
export function usable(
  { state }: Awaited<ReturnType<typeof readConnection>>,
  field: string,
): { linked: LinkedConnection } {
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
