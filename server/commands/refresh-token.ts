import { DomainError } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { readLinked } from './connection.ts'
import { validateConnection } from './validate-connection.ts'

/**
 * Gets new tokens for an OAuth connection, whether or not the old ones have ended, and looks whether they work. Those of
 * a version that is named are left alone when they have been replaced already; without one, those in use are replaced.
 * @throws {DomainError} InputInvalid where there is nothing to refresh; RefreshFailed with the reason.
 */
export async function refreshToken(
  shell: Shell,
  { connectionId, version }: { connectionId: string; version: number | null },
  by: Cause,
): Promise<void> {
  const { organizationId } = by
  const { credential, credentialVersion } = await readLinked(shell, connectionId, by)
  if (credential.kind !== 'oauth') {
    throw new DomainError('InputInvalid', 'Only OAuth connections have tokens to refresh.')
  }
  if (!credential.refreshable) {
    throw new DomainError('InputInvalid', 'The provider gave no refresh token: its token does not end by itself.')
  }
  await shell.credentials.refresh({ organizationId, connectionId, by, version: version ?? credentialVersion })
  await validateConnection(shell, connectionId, { ...by, commandId: uuidv7() })
}

/**
 * Uses the refresh token for its own sake, or finds out what came of a refresh that was cut off. A failure is in the
 * log; it is not the caller's to handle.
 */
export async function keepAlive(
  shell: Shell,
  { connectionId, version }: { connectionId: string; version: number },
  by: Cause,
): Promise<void> {
  try {
    await shell.credentials.refresh({ organizationId: by.organizationId, connectionId, by, version })
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'RefreshFailed') throw error
  }
}
