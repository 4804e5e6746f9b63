import type { ConnectionMethod, ConnectionStatus, ProviderName } from '@git-connections/events'
import type { z } from 'zod'
import type { adviceAction } from './connection-view.ts'

type Advice = { action: z.infer<typeof adviceAction>; text: string }

const RENEW: Record<ConnectionMethod, Advice> = {
  oauth: { action: 'reconnect', text: 'Reconnect the account.' },
  token: { action: 'replaceToken', text: 'Create a new token and update the connection.' },
  githubApp: { action: 'replaceToken', text: 'Create a new key for the App, or install it again.' },
}

/** The next thing to do about a connection, as its card's button says it; `none` where all is well. */
export function advise(connection: {
  provider: ProviderName
  method: ConnectionMethod
  status: ConnectionStatus
  status_since: Date
  checked_at: Date | null
  enabled: boolean
  reason: string
  refreshable: boolean
}): Advice {
  const { provider, method, status, status_since, checked_at, reason } = connection
  if (!connection.enabled) return { action: 'enable', text: 'Enable it to use it again.' }
  if (status === 'active') return { action: 'none', text: '' }
  if (status === 'pending')
    return { action: 'validate', text: 'The provider is being asked. Validate asks again at once.' }
  // GitHub lets a token be given what it lacks; the same token then works.
  if (provider === 'github' && method === 'token' && /^(scopes|permission)Missing$/.test(reason))
    return { action: 'validate', text: 'Give the token what it lacks at GitHub, then validate.' }
  // The key is good: whoever owns the installation mends it there.
  if (reason === 'installationSuspended')
    return { action: 'validate', text: 'Have the suspension lifted at GitHub, then validate.' }
  // Nothing else can bring back a grant whose refresh was left open.
  if (status === 'revoked' || status === 'invalid' || reason === 'refreshUnknown') return RENEW[method]
  // A grant is Expired when its refresh token is: only an Error may be mended by a refresh.
  const canRefresh = connection.refreshable && status === 'error'
  const renewal = canRefresh ? { action: 'refresh' as const, text: 'Refresh the token.' } : RENEW[method]
  // Asked again since, the provider said the same: another try will not help.
  if (checked_at !== null && checked_at > status_since) return renewal
  return { action: 'validate', text: `Validate first. If that does not help: ${renewal.text}` }
}
