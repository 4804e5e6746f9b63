/** What a tab is told about the server's stream of events. */
export type LiveNews = { is: 'event'; streamType: string } | { is: 'live' } | { is: 'lost' }

const PAUSE_MS = 2_000
/** A refusal, too, comes on a stream that opened well: right after. */
const REFUSED_WITHIN_MS = 500
/** The server says something at least every fifteen seconds. */
const SILENCE_MS = 40_000

/**
 * Follows the organization's events for ever, taking up where it was cut. The browser's own EventSource understands
 * tRPC's subscriptions; tRPC's client would be most of what a tab loads for this.
 * @see https://trpc.io/docs/server/subscriptions#tracked
 */
export function followEvents(tell: (news: LiveNews) => void): void {
  let lastEventId = ''
  const follow = () => {
    const query = lastEventId && `?lastEventId=${encodeURIComponent(lastEventId)}`
    const source = new EventSource(`/trpc/live.events${query}`)
    const again = () => {
      clearTimeout(silence)
      clearTimeout(opening)
      source.close()
      tell({ is: 'lost' })
      setTimeout(follow, PAUSE_MS)
    }
    let silence = setTimeout(again, SILENCE_MS)
    let opening: ReturnType<typeof setTimeout> | undefined
    const heard = () => {
      clearTimeout(silence)
      silence = setTimeout(again, SILENCE_MS)
    }
    source.addEventListener('connected', () => {
      heard()
      opening = setTimeout(() => tell({ is: 'live' }), REFUSED_WITHIN_MS)
    })
    source.addEventListener('ping', heard)
    source.addEventListener('message', (message: MessageEvent<string>) => {
      heard()
      lastEventId = message.lastEventId || lastEventId
      const streamType = streamTypeOf(JSON.parse(message.data))
      if (streamType) tell({ is: 'event', streamType })
    })
    for (const end of ['return', 'serialized-error', 'error']) source.addEventListener(end, again, { once: true })
  }
  follow()
}

function streamTypeOf(event: unknown): string | null {
  return typeof event === 'object' && event !== null && 'streamType' in event ? String(event.streamType) : null
}
