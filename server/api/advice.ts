import type { ConnectionMethod, ConnectionStatus } from '@git-connections/events'
import type { z } from 'zod'
import type { adviceAction } from './connection-view.ts'

/** The next thing to do about a connection, as its card's button says it; `none` where all is well. */
export function advise(connection: {
  status: ConnectionStatus
  method: ConnectionMethod
  enabled: boolean
  reason: string
}): {
  action: z.infer<typeof adviceAction>
  text: string
} {
  if (!connection.enabled) return { action: 'enable', text: 'Enable it to use it again.' }
  switch (connection.status) {
    case 'active':
      return { action: 'none', text: '' }
    case 'pending':
      return { action: 'validate', text: 'The provider is being asked. Validate asks again at once.' }
    case 'error':
      return { action: 'validate', text: 'Validate first. If it stays, create a new token and update the connection.' }
    case 'expired':
    case 'revoked':
    case 'invalid':
      return connection.method === 'oauth'
        ? { action: 'reconnect', text: 'Reconnect the account.' }
        : { action: 'replaceToken', text: 'Create a new token and update the connection.' }
  }
}
