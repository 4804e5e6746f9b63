import { applicationKey, DomainError, organization, type ProviderName } from '@git-connections/events'
import { readHead } from '@git-connections/events/store'
import type { Shell } from '../shell.ts'
import { holdsToken } from '../token-forms.ts'
import type { Cause } from './cause.ts'
import { execute } from './execute.ts'

const CLIENT_ID = /^[A-Za-z0-9._-]{8,200}$/

/**
 * Names the OAuth application by which members sign in at an instance; its secret is sealed in the vault.
 * @throws {DomainError} InputInvalid naming the field; Forbidden for who is no admin.
 */
export async function setOAuthApplication(
  shell: Shell,
  input: { provider: ProviderName; baseUrl?: string | undefined; clientId: string; clientSecret: string; by: string },
  by: Cause,
): Promise<void> {
  const { provider } = input
  const { organizationId } = by
  const baseUrl = shell.providers[provider].normaliseBaseUrl(input.baseUrl)
  const clientId = input.clientId.trim()
  const clientSecret = input.clientSecret.trim()
  refuseSwapped(clientId, clientSecret)
  const { state } = await readHead(shell.store.db, shell.store.registry, organization, {
    ...{ organizationId, streamId: organizationId, commandId: by.commandId, inline: [] },
  })
  const known = state.oauthApplications[applicationKey(provider, baseUrl)]
  const applicationId = known?.applicationId ?? by.commandId
  const secretVersion = (known?.secretVersion ?? 0) + 1
  const place = { organizationId, connectionId: applicationId, field: 'clientSecret' } as const
  const sealed = shell.vault.seal({ ...place, version: secretVersion }, clientSecret, shell.clock())
  const old = known ? [shell.vault.remove({ ...place, version: known.secretVersion })] : []
  const fingerprint = shell.vault.fingerprint(clientSecret)
  const described = { provider, baseUrl, clientId, fingerprint }
  await execute(
    shell,
    { decider: organization, streamId: organizationId },
    { type: 'SetOAuthApplication', ...described, applicationId, secretVersion, by: input.by },
    by,
    { request: { setOAuthApplication: described }, rows: () => [sealed, ...old] },
  )
}

/** Forgets an application of the organization; connections that were made by it can't be refreshed any more. */
export async function removeOAuthApplication(
  shell: Shell,
  input: { provider: ProviderName; baseUrl: string; by: string },
  by: Cause,
): Promise<void> {
  const { organizationId } = by
  const { provider, baseUrl } = input
  await execute(
    shell,
    { decider: organization, streamId: organizationId },
    { type: 'RemoveOAuthApplication', ...input },
    by,
    {
      request: { removeOAuthApplication: { provider, baseUrl } },
      rows: (before, events) => {
        const known = before.oauthApplications[applicationKey(provider, baseUrl)]
        if (!known || events.length === 0) return []
        const { applicationId, secretVersion: version } = known
        return [shell.vault.remove({ organizationId, connectionId: applicationId, field: 'clientSecret', version })]
      },
    },
  )
}

function refuseSwapped(clientId: string, clientSecret: string): void {
  if (!CLIENT_ID.test(clientId)) {
    throw new DomainError('InputInvalid', 'This is no client id. Copy it from the application at the provider.', {
      field: 'clientId',
    })
  }
  // GitHub's secrets are of forty digits, its ids of twenty, or with a prefix.
  if (/^gloas-|^[0-9a-f]{40}$/.test(clientId) || holdsToken(clientId) || clientId === clientSecret) {
    throw new DomainError('InputInvalid', 'This is the secret. Enter the client id (at GitLab: Application ID) here.', {
      field: 'clientId',
    })
  }
  if (clientSecret.length < 8 || /\s/.test(clientSecret)) {
    throw new DomainError('InputInvalid', 'This is no client secret. Copy it from the application at the provider.', {
      field: 'clientSecret',
    })
  }
}
