import { randomUUID } from 'node:crypto'
import { connection } from '@git-connections/events'
import { queryBuilder } from '@git-connections/events/store'
import { v7 as uuidv7 } from 'uuid'
import { listConnections } from '../server/api/read-connections.ts'
import { execute } from '../server/commands/execute.ts'
import type { Tables } from '../server/database/tables.ts'
import { atLeast, atMost, type Figure } from './figure.ts'
import { fillLog, growTo } from './history.ts'
import { interleave, median, medianRatio } from './rounds.ts'
import type { World } from './world.ts'

const LONG = 5_000
const SHORT = 10
/** So many short streams take turns that they stay short. */
const SHORT_STREAMS = 100
const CONNECTIONS = 50

/** A whole command on a long stream beside one on short streams, and the list of statuses beside its bare query. */
export async function measureCommands({ store, pool, plan }: World): Promise<Figure[]> {
  const organizationId = randomUUID()
  const long = await growTo(store, organizationId, LONG)
  const short: string[] = []
  while (short.length < SHORT_STREAMS) short.push(await growTo(store, organizationId, SHORT))
  let turn = 0
  const rename = (streamId: string) => async () => {
    const id = uuidv7()
    const actor = { kind: 'person' as const, id: 'ada', name: 'Ada' }
    const by = { actor, organizationId, commandId: id, correlationId: id, causationId: null }
    await execute(
      { store, clock: () => new Date() },
      { decider: connection, streamId },
      { type: 'RenameConnection', name: id },
      by,
    )
  }
  const listed = randomUUID()
  await fillLog(store, listed, CONNECTIONS * 10)
  const db = queryBuilder<Tables>(store.pool)
  const bare = `select * from connection_status where organization_id = $1 and deleted_at is null
    order by name, connection_id`
  const times = await interleave(plan.rounds, {
    long: () => typical(plan.cellMs, rename(long)),
    short: () => typical(plan.cellMs, () => rename(short[turn++ % SHORT_STREAMS] ?? '')()),
    list: () => typical(plan.cellMs, () => listConnections({ db }, listed)),
    bare: () => typical(plan.cellMs, () => pool.query({ name: 'list', text: bare, values: [listed] })),
  })
  return [
    atMost(
      `command on a stream of ${LONG} events, of one on ${SHORT}`,
      1.2,
      medianRatio(times.long, times.short),
      '',
      ` (${median(times.long).toFixed(2)} ms)`,
    ),
    atLeast(
      `list of ${CONNECTIONS} connections, of its bare query`,
      null,
      medianRatio(times.bare, times.list),
      ` (${median(times.list).toFixed(2)} ms)`,
    ),
  ]
}

/** The median of the milliseconds that a call takes, one after the other. */
async function typical(ms: number, call: () => Promise<unknown>): Promise<number> {
  const taken: number[] = []
  const begun = performance.now()
  for (let at = begun; at < begun + ms; ) {
    await call()
    const now = performance.now()
    taken.push(now - at)
    at = now
  }
  return median(taken)
}
