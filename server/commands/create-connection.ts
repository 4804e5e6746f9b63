import type { CertificateAuthority, ProviderName } from '@git-connections/events'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { executeOnConnection } from './connection.ts'
import { type PastedCredential, readPaste } from './pasted-credential.ts'

/**
 * Links an account by what was pasted: a token, or the key of a GitHub App. The secret is sealed beside the event that
 * tells of it; the provider is asked afterwards, by a job that the event leads to.
 * @throws {DomainError} InputInvalid (naming the field) when the paste can't be right or the address is wrong.
 */
export async function createConnection(
  shell: Shell,
  input: {
    provider: ProviderName
    name: string
    baseUrl?: string | undefined
    credential: PastedCredential
    certificateAuthority: CertificateAuthority | null
  },
  by: Cause,
): Promise<{ id: string }> {
  const { provider, name, certificateAuthority } = input
  const baseUrl = shell.providers[provider].normaliseBaseUrl(input.baseUrl)
  const { secret, field, facts } = readPaste(shell.providers[provider], input.credential, {
    baseUrl,
    at: 'credential.',
  })
  const fingerprint = shell.vault.fingerprint(secret)
  // The command's id becomes the connection's, so that a repeated request finds what the first one made.
  const id = by.commandId
  const place = { organizationId: by.organizationId, connectionId: id, field, version: 1 }
  const sealed = shell.vault.seal(place, secret, shell.clock())
  const described = { name, provider, method: facts.kind, baseUrl, fingerprint, credential: facts }
  await executeOnConnection(
    shell,
    id,
    { type: 'CreateConnection', ...described, certificateAuthority, checked: null },
    by,
    { request: { create: described }, rows: () => [sealed] },
  )
  return { id }
}
