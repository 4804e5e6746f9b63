import type { ProviderName } from '@git-connections/events'

/**
 * The last part of the address that an instance sends people back to. Each instance has its own, so that a code can't
 * be passed off as another's.
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.4.2
 */
export function instanceName(provider: ProviderName, baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl)
  const place = `${host}${pathname === '/' ? '' : pathname}`
  return `${provider}-${place.replace(/[^a-z0-9.-]/gi, (sign) => (sign === '/' ? '~' : '_'))}`
}

/** Where a provider instance sends people back to, as it must be registered there. */
export function redirectUri(publicUrl: string, instance: { provider: ProviderName; baseUrl: string }): string {
  return `${publicUrl}/oauth/callback/${instanceName(instance.provider, instance.baseUrl)}`
}
