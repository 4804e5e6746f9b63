import type { ConnectionMethod, ConnectionStatus } from '@git-connections/events'
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
  status: ConnectionStatus
  method: ConnectionMethod
  enabled: boolean
  reason: string
  refreshable: boolean
}): Advice {
  const { method, reason } = connection
  if (!connection.enabled) return { action: 'enable', text: 'Enable it to use it again.' }
  switch (connection.status) {
    case 'active':
      return { action: 'none', text: '' }
    case 'pending':
      return { action: 'validate', text: 'The provider is being asked. Validate asks again at once.' }
    case 'error': {
      // Nothing else can bring back a grant whose refresh was left open.
      if (reason === 'refreshUnknown') return RENEW[method]
      const stays = { oauth: 'reconnect the account', token: 'create a new token and update the connection' }
      const last = method === 'githubApp' ? 'create a new key for the App' : stays[method]
      return { action: 'validate', text: `Validate first. If it stays, ${last}.` }
    }
    case 'expired':
    case 'revoked':
    case 'invalid':
      return RENEW[method]
  }
}
