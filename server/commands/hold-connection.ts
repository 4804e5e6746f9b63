import { connection, DomainError, type LinkedConnection } from '@git-connections/events'
import { readHead } from '@git-connections/events/store'
import type { StreamAppend } from '@git-connections/events/store/append'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'

/** A connection as it is now, and the mark by which an append counts on its staying so. */
export async function readConnection({ store }: Shell, connectionId: string, { organizationId, commandId }: Cause) {
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
