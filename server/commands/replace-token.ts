import { DomainError } from '@git-connections/events'
import { firstCheck } from '../providers/provider.ts'
import type { Shell } from '../shell.ts'
import { executeOnConnection, readLinked } from './connection.ts'
import type { Cause } from './execute.ts'

/**
 * Puts a new token in the old one's place, once the provider has accepted it; otherwise the old one stays.
 * @throws {DomainError} InputInvalid, CredentialRefused, CredentialUnchecked, OtherAccount, ConnectionMissing.
 */
export async function replaceToken(
  shell: Shell,
  input: { connectionId: string; token: string; acceptOtherAccount: boolean },
  by: Cause,
): Promise<void> {
  const { connectionId, acceptOtherAccount } = input
  const linked = await readLinked(shell, connectionId, by)
  if (linked.method !== 'token') {
    throw new DomainError('InputInvalid', 'This connection does not use a token. Reconnect it instead.', {
      field: 'token',
    })
  }
  const provider = shell.providers[linked.provider]
  const recognition = provider.recogniseToken(input.token)
  if (recognition.is === 'refused') throw new DomainError('InputInvalid', recognition.message, { field: 'token' })
  const { token } = recognition
  const verdict = await provider.checkToken(token, { baseUrl: linked.baseUrl, prior: firstCheck })
  const fingerprint = shell.vault.fingerprint(token)
  const credentialVersion = linked.credentialVersion + 1
  const place = { organizationId: by.organizationId, connectionId, field: 'token', version: credentialVersion } as const
  const sealed = shell.vault.seal(place, token, shell.clock())
  const removed = shell.vault.remove({ ...place, version: linked.credentialVersion })
  await executeOnConnection(
    shell,
    connectionId,
    {
      ...{ type: 'ReplaceToken', fingerprint, verdict, acceptOtherAccount, credentialVersion },
      credential: { kind: 'token' },
    },
    by,
    { request: { replaceToken: connectionId, fingerprint, acceptOtherAccount }, rows: () => [sealed, removed] },
  )
}
