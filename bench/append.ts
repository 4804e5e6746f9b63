import { randomUUID } from 'node:crypto'
import type { EventStore } from '@git-connections/events/store'
import { append } from '@git-connections/events/store/append'
import type pg from 'pg'
import { created } from '../events/connection/examples.ts'
import { atLeast, atMost, type Figure } from './figure.ts'
import { padded, startStream } from './history.ts'
import { interleave, median, medianRatio, quantile } from './rounds.ts'
import type { World } from './world.ts'

const EVENTS_OF_A_STREAM = 10
const BARE = { name: 'bare', text: 'insert into bare (data) values ($1)' }

/** Appends a second through the public face of the store beside a bare INSERT of the same data. */
export async function measureAppend({ store, pool, plan }: World): Promise<Figure[]> {
  const { rounds, cellMs } = plan
  const organizations = (count: number) => Array.from({ length: count }, () => randomUUID())
  const [one, fifty] = [organizations(1), organizations(50)]
  const latencies = { bare: [] as number[], ours: [] as number[] }
  const p99 = async (of: number[], run: Promise<Outcome>) => {
    const { perSecond, latenciesMs } = await run
    of.push(quantile(latenciesMs, 0.99))
    return perSecond
  }
  const bare = (writers: number) => runFor(cellMs, writers, () => () => insertBare(pool))
  const ours = (writers: number, within: readonly string[]) =>
    runFor(cellMs, writers, (writer) => appender(store, within[writer % within.length] ?? ''))
  const rates = await interleave(rounds, {
    bare1: async () => (await bare(1)).perSecond,
    ours1: async () => (await ours(1, one)).perSecond,
    bare8: async () => (await bare(8)).perSecond,
    ours8: async () => (await ours(8, one)).perSecond,
    spread8: async () => (await ours(8, fifty)).perSecond,
    bare32: () => p99(latencies.bare, bare(32)),
    ours32: () => p99(latencies.ours, ours(32, one)),
    spread32: async () => (await ours(32, fifty)).perSecond,
  })
  const row = (what: string, goal: number, of: readonly number[], to: readonly number[]) =>
    atLeast(`append, ${what}, of a bare INSERT`, goal, medianRatio(of, to), ` (${Math.round(median(of))}/s)`)
  // The first of each comes from the round that warms up.
  const [barely, fully] = [latencies.bare.slice(1), latencies.ours.slice(1)]
  return [
    row('1 writer', 0.8, rates.ours1, rates.bare1),
    row('8 writers in one organization', 1.3, rates.ours8, rates.bare8),
    row('8 writers in 50 organizations', 1.3, rates.spread8, rates.bare8),
    row('32 writers in one organization', 1.8, rates.ours32, rates.bare32),
    row('32 writers in 50 organizations', 1.8, rates.spread32, rates.bare32),
    atMost(
      'append, 99 % of 32 callers, of a bare INSERT',
      0.5,
      medianRatio(fully, barely),
      '',
      ` (${median(fully).toFixed(1)} ms)`,
    ),
  ]
}

interface Outcome {
  readonly perSecond: number
  readonly latenciesMs: readonly number[]
}

/** Lets so many callers call again and again, each after its answer. */
async function runFor(ms: number, writers: number, caller: (writer: number) => () => Promise<void>): Promise<Outcome> {
  const latenciesMs: number[] = []
  const begun = performance.now()
  const write = async (writer: number) => {
    const call = caller(writer)
    for (let at = performance.now(); at < begun + ms; ) {
      await call()
      const now = performance.now()
      latenciesMs.push(now - at)
      at = now
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  return { perSecond: latenciesMs.length / ((performance.now() - begun) / 1000), latenciesMs }
}

async function insertBare(pool: pg.Pool): Promise<void> {
  await pool.query({ ...BARE, values: [JSON.stringify(padded.data)] })
}

/** One caller after the other of a server: streams of ten events, one event a call. */
export function appender(store: EventStore, organizationId: string): () => Promise<void> {
  let stream = startStream(organizationId)
  let events = 0
  return async () => {
    if (events === EVENTS_OF_A_STREAM) {
      stream = startStream(organizationId)
      events = 0
    }
    const outcome = await append(store, stream.next([events === 0 ? created : padded]))
    if (outcome.is !== 'appended') throw new Error('an append was lost')
    events++
  }
}
