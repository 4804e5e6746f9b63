import type { EventStore } from './event-store.ts'
import { type LogEntry, readLog } from './read.ts'

const PAGE = 500
const POLL_MS = 1_000

/**
 * An organization's log from a position on: first what is there, then what comes, in order, each once. Ends when the
 * signal aborts. Wake-up calls make it prompt; the poll makes it sure.
 */
export async function* follow(
  store: EventStore,
  from: { organizationId: string; after: number; signal: AbortSignal },
): AsyncGenerator<LogEntry, void, undefined> {
  const { organizationId, signal } = from
  let position = from.after
  let woken = true
  let wakeUp = () => {}
  const unsubscribe = store.wake.subscribe((changed) => {
    if (changed !== null && changed !== organizationId) return
    woken = true
    wakeUp()
  })
  const abort = () => wakeUp()
  signal.addEventListener('abort', abort)
  try {
    while (!signal.aborted) {
      // Reset before reading: what is appended while the page is read wakes the next round.
      woken = false
      const page = await readLog(store.db, store.registry, { organizationId, after: position, limit: PAGE })
      for (const entry of page) {
        if (signal.aborted) return
        position = entry.ok ? entry.event.position : entry.position
        yield entry
      }
      if (page.length === PAGE || woken) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
        if (woken || signal.aborted) wakeUp()
      })
    }
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', abort)
  }
}
