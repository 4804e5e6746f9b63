import { DomainError } from '../error.ts'
import type { ProviderName } from '../provider.ts'
import type { OrganizationEvent } from './events.ts'
import type { Organization, OrganizationCommand } from './organization.ts'

type Commands<Type> = Extract<OrganizationCommand, { type: Type }>

/** Under which an instance's application stands in the organization's state. */
export function applicationKey(provider: ProviderName, baseUrl: string): string {
  return `${provider} ${baseUrl}`
}

/** Names the application of an instance; the same one again with another secret is a new version of it. */
export function setOAuthApplication(
  command: Commands<'SetOAuthApplication'>,
  state: Organization,
): OrganizationEvent[] {
  const { type, by, ...data } = command
  const known = state.oauthApplications[applicationKey(data.provider, data.baseUrl)]
  const version = known ? known.secretVersion + 1 : 1
  if (data.secretVersion !== version || (known && known.applicationId !== data.applicationId)) {
    throw new DomainError(
      'VersionConflict',
      'Somebody else changed this application just now. Look at it, then try again.',
    )
  }
  return [{ type: 'OAuthApplicationSet', data }]
}

/** Forgets the application of an instance. */
export function removeOAuthApplication(
  command: Commands<'RemoveOAuthApplication'>,
  state: Organization,
): OrganizationEvent[] {
  const { provider, baseUrl } = command
  const known = state.oauthApplications[applicationKey(provider, baseUrl)]
  if (!known) return []
  return [{ type: 'OAuthApplicationRemoved', data: { applicationId: known.applicationId, provider, baseUrl } }]
}
