import type { AppRouter } from '@git-connections/server'
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client'
import { EventSource } from 'eventsource'

export type { AppRouter }
/** The whole API as functions, such as `client.connections.list.query()`. */
export type Client = TRPCClient<AppRouter>

/** Talks to a server as a program; `url` is the server's address without a path, `apiKey` one of its API keys. */
export function createClient({ url, apiKey }: { url: string; apiKey: string }): Client {
  const endpoint = `${url.replace(/\/+$/, '')}/trpc`
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({
          url: endpoint,
          EventSource,
          eventSourceOptions: {
            fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, 'x-api-key': apiKey } }),
          },
        }),
        false: httpLink({ url: endpoint, headers: { 'x-api-key': apiKey } }),
      }),
    ],
  })
}
