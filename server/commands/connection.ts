import {
  type Connection,
  type ConnectionCommand,
  type ConnectionEvent,
  connection,
  DomainError,
  type Json,
  type LinkedConnection,
} from '@git-connections/events'
import { type EventStore, type RowChange, readHead } from '@git-connections/events/store'
import type { Cause } from './cause.ts'
import { execute } from './execute.ts'

/** What a command is carried out with. */
type Writing = { readonly store: EventStore; readonly clock: () => Date }

/** Carries out a command on one connection of the organization. */
export function executeOnConnection(
  shell: Writing,
  connectionId: string,
  command: ConnectionCommand,
  by: Cause,
  options: {
    request?: Json
    rows?: (before: Connection, events: readonly ConnectionEvent[]) => readonly RowChange[]
  } = {},
) {
  return execute(shell, { decider: connection, streamId: connectionId }, command, by, options)
}

/**
 * What the log knows of a connection that is in use.
 * @throws {DomainError} ConnectionMissing when there is none, it is another organization's, or it was deleted.
 */
export async function readLinked(shell: Writing, connectionId: string, by: Cause): Promise<LinkedConnection> {
  const { organizationId, commandId } = by
  const head = await readHead(shell.store.db, shell.store.registry, connection, {
    ...{ organizationId, streamId: connectionId, commandId },
    inline: [],
  })
  if (head.state.is === 'linked') return head.state
  throw new DomainError(
    'ConnectionMissing',
    head.state.is === 'deleted' ? 'This connection was deleted.' : 'There is no such connection.',
  )
}
