import { DomainError, type ProviderName } from '@git-connections/events'
import type { Shell } from '../shell.ts'
import { executeOnConnection } from './connection.ts'
import type { Cause } from './execute.ts'

/**
 * Links an account by a token: seals the token beside the event that tells of it. The provider is asked afterwards, by
 * a job that the event leads to.
 * @throws {DomainError} InputInvalid (naming the field) when the paste can't be such a token or the address is wrong.
 */
export async function createConnection(
  shell: Shell,
  input: { provider: ProviderName; name: string; baseUrl?: string | undefined; token: string },
  by: Cause,
): Promise<{ id: string }> {
  const provider = shell.providers[input.provider]
  const recognition = provider.recogniseToken(input.token)
  if (recognition.is === 'refused') {
    throw new DomainError('InputInvalid', recognition.message, { field: 'credential.token' })
  }
  const baseUrl = provider.normaliseBaseUrl(input.baseUrl)
  const fingerprint = shell.vault.fingerprint(recognition.token)
  // The command's id becomes the connection's, so that a repeated request finds what the first one made.
  const id = by.commandId
  const sealed = shell.vault.seal(
    { organizationId: by.organizationId, connectionId: id, field: 'token', version: 1 },
    recognition.token,
    shell.clock(),
  )
  const { name } = input
  const described = { name, provider: input.provider, method: 'token' as const, baseUrl, fingerprint }
  const rest = { credential: { kind: 'token' }, certificateAuthority: null, checked: null } as const
  await executeOnConnection(shell, id, { type: 'CreateConnection', ...described, ...rest }, by, {
    request: { create: described },
    rows: () => [sealed],
  })
  return { id }
}
