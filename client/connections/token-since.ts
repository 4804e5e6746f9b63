import type { Accessor } from 'solid-js'
import { api, ask, type ConnectionView } from '../api.ts'
import { useAnswer } from '../use-answer.ts'

/** Since when a connection has the token that it has; null until that is known. */
export function useTokenSince(connection: Accessor<ConnectionView>): Accessor<string | null> {
  const replaced = useAnswer(() => ({
    ...ask('audit.tokenReplaced', api.audit.list, {
      connectionId: connection().id,
      types: ['TokenReplaced'],
      limit: 1,
    }),
    enabled: connection().credentialVersion > 1,
  }))
  return () =>
    connection().credentialVersion > 1 ? (replaced.data?.entries[0]?.recordedAt ?? null) : connection().createdAt
}
