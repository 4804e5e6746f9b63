import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EventStore, follow } from '@git-connections/events/store'
import { append } from '@git-connections/events/store/append'
import { created } from '../events/connection/examples.ts'
import { appender } from './append.ts'
import { atMost, type Figure } from './figure.ts'
import { startStream } from './history.ts'
import { quantile } from './rounds.ts'
import type { World } from './world.ts'

const PEAK_WRITERS = 32
const PAUSE_MS = 5

/** From the commit of an event to its followers in this process and in another replica, at half of the peak load. */
export async function measureFollow({ store, replica, plan }: World): Promise<Figure[]> {
  const organizationId = randomUUID()
  const stop = new AbortController()
  const load = startLoad(store, (await peak(store, plan.cellMs)) / 2, stop.signal)
  const here = listen(store, organizationId, stop.signal)
  const there = listen(replica, organizationId, stop.signal)
  const committedAt = new Map<string, number>()
  const until = performance.now() + plan.rounds * plan.cellMs
  while (performance.now() < until) {
    const stream = startStream(organizationId)
    await append(store, stream.next([created]))
    committedAt.set(stream.streamId, performance.now())
    await sleep(PAUSE_MS)
  }
  while (here.seen.size < committedAt.size || there.seen.size < committedAt.size) await sleep(PAUSE_MS)
  stop.abort()
  await Promise.all([here.ended, there.ended, load])
  const delays = (seen: ReadonlyMap<string, number>) =>
    // Who hears of it before the caller does has waited for nothing.
    [...committedAt].map(([streamId, at]) => Math.max((seen.get(streamId) ?? Number.POSITIVE_INFINITY) - at, 0))
  const [own, other] = [delays(here.seen), delays(there.seen)]
  return [
    atMost('commit to follower in the process, half', 5, quantile(own, 0.5), ' ms'),
    atMost('commit to follower in the process, 99 %', 100, quantile(own, 0.99), ' ms'),
    atMost('commit to follower in another replica, half', 25, quantile(other, 0.5), ' ms'),
    atMost('commit to follower in another replica, 99 %', 100, quantile(other, 0.99), ' ms'),
  ]
}

function listen(store: EventStore, organizationId: string, signal: AbortSignal) {
  const seen = new Map<string, number>()
  const run = async () => {
    for await (const entry of follow(store, { organizationId, after: 0, signal })) {
      if (entry.ok) seen.set(entry.event.streamId, performance.now())
    }
  }
  return { seen, ended: run() }
}

/** Appends a second when nothing holds the callers back. */
async function peak(store: EventStore, ms: number): Promise<number> {
  let appended = 0
  const begun = performance.now()
  const write = async () => {
    const next = appender(store, randomUUID())
    while (performance.now() < begun + ms) {
      await next()
      appended++
    }
  }
  await Promise.all(Array.from({ length: PEAK_WRITERS }, write))
  return appended / ((performance.now() - begun) / 1000)
}

/** Appends at a steady rate, by as many callers as it takes, until it is stopped. */
async function startLoad(store: EventStore, perSecond: number, signal: AbortSignal): Promise<void> {
  const begun = performance.now()
  let sent = 0
  const write = async () => {
    const next = appender(store, randomUUID())
    while (!signal.aborted) {
      const due = ((performance.now() - begun) / 1000) * perSecond
      if (sent >= due) {
        await sleep(1)
        continue
      }
      sent++
      await next()
    }
  }
  await Promise.all(Array.from({ length: PEAK_WRITERS }, write))
}
