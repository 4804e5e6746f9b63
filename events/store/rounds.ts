import type { EventStore } from './event-store.ts'
import type { Wake } from './wake.ts'

const POLL_MS = 1_000

/** Work that follows the logs, round after round. */
export interface Rounds {
  /** Begins a round now, and resolves when the one that runs or this one has ended, or after `atMostMs`. */
  readonly next: (atMostMs: number) => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Runs a round at once, one after each append, and one a second as the net, never two at a time. A round that fails
 * is a bug; it is told and the next one tries again.
 */
export function startRounds(
  wake: Wake,
  options: { round: (signal: AbortSignal) => Promise<void>; onFailure: (error: unknown) => void },
): Rounds {
  const end = new AbortController()
  const waiting = new Set<() => void>()
  let woken = true
  let wakeUp = () => {}
  const unsubscribe = wake.subscribe(() => {
    woken = true
    wakeUp()
  })

  async function run(): Promise<void> {
    while (!end.signal.aborted) {
      woken = false
      await options.round(end.signal).catch(options.onFailure)
      for (const done of waiting) done()
      if (woken || end.signal.aborted) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const running = run()
  return {
    next: (atMostMs) =>
      new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          waiting.delete(done)
          resolve()
        }
        const timer = setTimeout(done, atMostMs)
        waiting.add(done)
        wakeUp()
      }),
    async stop() {
      end.abort()
      unsubscribe()
      wakeUp()
      await running
    },
  }
}

/** The organizations whose log is ahead of a follower's checkpoint, and where each of them is to go on. */
export async function logsAhead(
  db: EventStore['db'],
  follower: string,
): Promise<{ organizationId: string; from: number }[]> {
  return db
    .selectFrom('log_head as head')
    .leftJoin('checkpoint as done', (join) =>
      join.onRef('done.organization_id', '=', 'head.organization_id').on('done.projection', '=', follower),
    )
    .select(['head.organization_id as organizationId'])
    .select((eb) => eb.fn.coalesce('done.position', eb.lit(0)).as('from'))
    .where((eb) => eb('head.position', '>', eb.fn.coalesce('done.position', eb.lit(0))))
    .execute()
}
