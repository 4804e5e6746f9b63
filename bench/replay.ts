import { randomUUID } from 'node:crypto'
import { readLog } from '@git-connections/events/store'
import { inlineProjections } from '@git-connections/projections'
import { rebuild, verify } from '@git-connections/projections/replay'
import type pg from 'pg'
import { atLeast, type Figure } from './figure.ts'
import { fillLog } from './history.ts'
import { interleave, median, medianRatio } from './rounds.ts'
import type { World } from './world.ts'

const PAGE = 1_000

/** Events a second of what reads the log again, beside reading its rows and doing nothing. */
export async function measureReplay({ store, pool, plan }: World): Promise<Figure[]> {
  const organizationId = randomUUID()
  await fillLog(store, organizationId, plan.events)
  await pool.query('vacuum analyze event')
  const [projection] = inlineProjections
  if (!projection) throw new Error('there is no inline projection')
  const rates = await interleave(plan.rounds, {
    raw: () => perSecond(plan.events, () => readRaw(pool, organizationId)),
    replayed: () => perSecond(plan.events, () => readAll({ store, organizationId })),
    rebuilt: () => perSecond(plan.events, () => rebuild(store, projection, { inline: true })),
    verified: () => perSecond(plan.events, () => verify(store, projection, { inline: true })),
  })
  const row = (what: string, goal: number | null, of: readonly number[]) =>
    atLeast(`${what}, of the raw read`, goal, medianRatio(of, rates.raw), ` (${Math.round(median(of))} events/s)`)
  return [
    row('replay that does nothing', 0.9, rates.replayed),
    row('rebuild of connection_status', 0.5, rates.rebuilt),
    row('verify of connection_status', null, rates.verified),
  ]
}

async function perSecond(events: number, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return events / ((performance.now() - begun) / 1000)
}

async function readRaw(pool: pg.Pool, organizationId: string): Promise<void> {
  const text = 'select * from event where organization_id = $1 and position > $2 order by position limit $3'
  for (let position = 0; ; ) {
    const { rows } = await pool.query<{ position: number }>({
      ...{ name: 'raw', text, values: [organizationId, position, PAGE] },
    })
    position = rows.at(-1)?.position ?? position
    if (rows.length < PAGE) return
  }
}

async function readAll({ store, organizationId }: { store: World['store']; organizationId: string }): Promise<void> {
  for (let after = 0; ; ) {
    const page = await readLog(store.db, store.registry, { organizationId, after, limit: PAGE })
    const last = page.at(-1)
    if (last) after = last.ok ? last.event.position : last.position
    if (page.length < PAGE) return
  }
}
