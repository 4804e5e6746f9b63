import { DomainError } from '../error.ts'
import type { ConnectionCommand } from './connection.ts'
import { mustBeSeen } from './dependents.ts'
import type { ConnectionEvent, Revocation } from './events.ts'
import type { Connection, DeletedConnection, LinkedConnection } from './state.ts'

/** How long a deleted connection can be restored before its credential is destroyed. */
export const RESTORE_GRACE_MS = 7 * 24 * 60 * 60_000

/** Deletes a connection in use. */
export function deleteLinked(command: { at: Date; now: boolean; unseen: readonly string[] }): ConnectionEvent[] {
  mustBeSeen(command.unseen)
  const until = new Date(command.at.getTime() + (command.now ? 0 : RESTORE_GRACE_MS))
  return [{ type: 'ConnectionDeleted', data: { restorableUntil: until.toISOString() } }]
}

/** What a deleted connection still allows: coming back, and the end of its credential. */
export function decideDeleted(command: ConnectionCommand, state: DeletedConnection): ConnectionEvent[] {
  switch (command.type) {
    case 'RestoreConnection':
      if (state.credentialDestroyed || command.at > new Date(state.restorableUntil)) {
        throw new DomainError(
          'RestoreTooLate',
          'The credential of this connection was destroyed, so it cannot be restored. Create a new connection.',
        )
      }
      return [{ type: 'ConnectionRestored', data: {} }]
    case 'DestroyCredential':
      return mayDestroy(state, command) ? [destroyed(state.linked, command.revocation)] : []
    case 'DeleteConnection':
    case 'RecordValidation':
    case 'ExpireConnection':
    case 'WarnOfExpiry':
    case 'StartRefresh':
    case 'CompleteRefresh':
    case 'FailRefresh':
      return []
    default:
      throw new DomainError('ConnectionMissing', 'This connection was deleted.')
  }
}

/** Whether a connection's credential is there and may be destroyed at this instant. */
export function mayDestroy(state: Connection, when: { at: Date; now: boolean }): state is DeletedConnection {
  if (state.is !== 'deleted' || state.credentialDestroyed) return false
  return when.now || when.at >= new Date(state.restorableUntil)
}

function destroyed({ credentialVersion }: LinkedConnection, revocation: Revocation): ConnectionEvent {
  return { type: 'CredentialDestroyed', data: { credentialVersion, revocation } }
}
