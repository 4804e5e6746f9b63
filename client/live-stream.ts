import type { AppRouter } from '@git-connections/server'
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client'

/** What a tab is told about the server's stream of events. */
export type LiveNews = { is: 'event'; streamType: string } | { is: 'live' } | { is: 'lost' }

const PAUSE_MS = 2_000

/** Follows the organization's events for ever, taking up where it was cut. */
export function followEvents(tell: (news: LiveNews) => void): void {
  const client = createTRPCClient<AppRouter>({ links: [httpSubscriptionLink({ url: `${location.origin}/trpc` })] })
  let lastEventId: number | undefined
  const follow = () => {
    let ended = false
    const again = () => {
      if (ended) return
      ended = true
      subscription.unsubscribe()
      tell({ is: 'lost' })
      setTimeout(follow, PAUSE_MS)
    }
    const subscription = client.live.events.subscribe(lastEventId === undefined ? undefined : { lastEventId }, {
      onConnectionStateChange: ({ state }) => {
        if (state === 'pending') tell({ is: 'live' })
        else if (!ended) tell({ is: 'lost' })
      },
      onData: ({ data }) => {
        lastEventId = data.position
        tell({ is: 'event', streamType: data.streamType })
      },
      onError: again,
      onComplete: again,
    })
  }
  follow()
}
