import { type Connection, connection } from '@git-connections/events'
import type { Shell } from '../shell.ts'
import { type Cause, execute } from './execute.ts'

/**
 * Deletes a connection: unusable at once, restorable for a week; with `now` its credential is destroyed with it.
 * Returns until when it can be restored.
 */
export async function deleteConnection(
  shell: Shell,
  input: { connectionId: string; now: boolean },
  by: Cause,
): Promise<{ restorableUntil: string }> {
  const { connectionId, now } = input
  const stream = { decider: connection, streamId: connectionId }
  const { state } = await execute(shell, stream, { type: 'DeleteConnection', at: shell.clock(), now }, by, {
    request: { delete: connectionId, now },
    rows: (before, events) =>
      events.some(({ type }) => type === 'CredentialDestroyed') ? [removal(shell, before, connectionId, by)] : [],
  })
  return { restorableUntil: state.is === 'deleted' ? state.restorableUntil : shell.clock().toISOString() }
}

/** Destroys the credential of a deleted connection whose time for restoring has passed; otherwise does nothing. */
export async function destroyCredential(shell: Shell, connectionId: string, by: Cause): Promise<void> {
  const stream = { decider: connection, streamId: connectionId }
  await execute(shell, stream, { type: 'DestroyCredential', at: shell.clock() }, by, {
    request: { destroy: connectionId },
    rows: (before, events) => (events.length > 0 ? [removal(shell, before, connectionId, by)] : []),
  })
}

function removal(shell: Shell, state: Connection, connectionId: string, by: Cause) {
  const linked = state.is === 'deleted' ? state.linked : state
  const version = linked.is === 'linked' ? linked.credentialVersion : 0
  return shell.vault.remove({ organizationId: by.organizationId, connectionId, field: 'token', version })
}
