import { connection, mayDestroy } from '@git-connections/events'
import { readHead } from '@git-connections/events/store'
import { v5 as uuidv5 } from 'uuid'
import { forgetIndex } from '../repositories/run.ts'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { groundInDependents } from './dependents.ts'
import { execute } from './execute.ts'

const FIELDS = {
  token: ['token'],
  oauth: ['accessToken', 'refreshToken'],
  githubApp: ['privateKey'],
} as const

/**
 * Deletes a connection: unusable at once, restorable for a week; with `now` its credential is ended and destroyed with
 * it. Returns until when it can be restored.
 * @throws {DomainError} HasDependents unless `seen` is the mark of what depends on it now.
 */
export async function deleteConnection(
  shell: Shell,
  input: { connectionId: string; now: boolean; seen: string | undefined },
  by: Cause,
): Promise<{ restorableUntil: string }> {
  const { connectionId, now, seen } = input
  const { organizationId } = by
  const { state } = await execute(
    shell,
    { decider: connection, streamId: connectionId },
    groundInDependents(shell.db, { organizationId, connectionId, seen }, (unseen) => ({
      ...{ type: 'DeleteConnection', at: shell.clock(), now, unseen },
    })),
    by,
    { request: { delete: connectionId, now } },
  )
  // After a crash in between, the job that the deletion leads to does the same.
  if (now) await destroyCredential(shell, { connectionId, now }, { ...by, commandId: uuidv5('now', by.commandId) })
  return { restorableUntil: state.is === 'deleted' ? state.restorableUntil : shell.clock().toISOString() }
}

/**
 * Ends a deleted connection's credential at the provider where that is possible, and destroys ours; does nothing while
 * the connection can be restored, unless told `now`.
 */
export async function destroyCredential(
  shell: Shell,
  input: { connectionId: string; now: boolean },
  by: Cause,
): Promise<void> {
  const { connectionId, now } = input
  const { organizationId, commandId } = by
  const key = { organizationId, streamId: connectionId, commandId, inline: [] }
  const { state } = await readHead(shell.store.db, shell.store.registry, connection, key)
  const when = { at: shell.clock(), now }
  if (!mayDestroy(state, when)) return
  const { linked } = state
  const revocation = await shell.credentials.end({ organizationId, connectionId, by, linked })
  const place = { organizationId, connectionId, version: linked.credentialVersion }
  await execute(
    shell,
    { decider: connection, streamId: connectionId },
    { type: 'DestroyCredential', ...when, revocation },
    by,
    {
      request: { destroy: connectionId, now },
      rows: (_before, events) =>
        events.length > 0 ? FIELDS[linked.credential.kind].map((field) => shell.vault.remove({ ...place, field })) : [],
    },
  )
  await forgetIndex(shell.db, { organizationId, connectionId })
}
