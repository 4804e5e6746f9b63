import type { ConnectionCommand } from './connection.ts'
import type { ConnectionEvent } from './events.ts'
import type { LinkedConnection } from './state.ts'

type Commands<Type> = Extract<ConnectionCommand, { type: Type }>

/**
 * Begins a refresh of the credential of that version; nothing while another one runs, which must be settled first: two
 * at once would show the provider the same refresh token twice.
 */
export function startRefresh(command: Commands<'StartRefresh'>, state: LinkedConnection): ConnectionEvent[] {
  const { credentialVersion, attemptId } = command
  if (credentialVersion !== state.credentialVersion || state.refresh?.attemptId === attemptId) return []
  if (state.refresh?.is === 'running') return []
  return [{ type: 'TokenRefreshStarted', data: { credentialVersion, attemptId } }]
}

/**
 * Takes a new pair in place of the old one. An answer that comes late still counts, as long as the old pair is the one
 * in use: the provider has ended that one.
 */
export function completeRefresh(command: Commands<'CompleteRefresh'>, state: LinkedConnection): ConnectionEvent[] {
  const { credentialVersion, fingerprint, credential } = command
  if (credentialVersion !== state.credentialVersion) return []
  return [{ type: 'TokenRefreshed', data: { credentialVersion: credentialVersion + 1, fingerprint, credential } }]
}

/** Records that the last refresh that was begun gave no new pair, and what that means. */
export function failRefresh(command: Commands<'FailRefresh'>, state: LinkedConnection): ConnectionEvent[] {
  const { type, ...data } = command
  if (data.credentialVersion !== state.credentialVersion || data.attemptId !== state.refresh?.attemptId) return []
  return [{ type: 'TokenRefreshFailed', data }]
}
