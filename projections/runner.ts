import { type EventStore, logsAhead, readLog, startRounds } from '@git-connections/events/store'
import { sql } from 'kysely'
import { asyncProjections } from './list.ts'
import type { AnyProjection, Row } from './projection.ts'
import { readRows, writeRows } from './write-rows.ts'

const PAGE = 500
/** How long a reader waits for its own change, in rounds and their milliseconds. */
const MOST_ROUNDS = 20
const ROUND_MS = 100

/** Where a runner says what went wrong; pino's shape. */
export interface RunnerLog {
  error: (fields: object, message: string) => void
}

/** Keeps the async projections up to the log. */
export interface ProjectionRunner {
  /** Resolves when the projection has reached the organization's head, or after a short while in any case. */
  readonly caughtUp: (projection: string, organizationId: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Follows the logs of all organizations for the async projections, until stopped. */
export function startProjections(store: EventStore, options: { log: RunnerLog }): ProjectionRunner {
  const { log } = options
  const rounds = startRounds(store.wake, {
    async round() {
      for (const projection of asyncProjections) await followAll(projection)
    },
    onFailure: (error) =>
      log.error({ err: error }, 'the projections could not be brought up to the logs; trying again'),
  })

  async function followAll(projection: AnyProjection): Promise<void> {
    for (const { organizationId, from } of await logsAhead(store.db, projection.name)) {
      // What is wrong with one organization must not hold the others up.
      await catchUp(store, projection, { organizationId, from, log }).catch((error: unknown) => {
        const at = { projection: projection.name, organizationId }
        log.error({ err: error, ...at }, 'a projection could not follow a log; trying again')
      })
    }
  }

  return {
    async caughtUp(projection, organizationId) {
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const ahead = await logsAhead(store.db, projection)
        if (!ahead.some((log) => log.organizationId === organizationId)) return
        await rounds.next(ROUND_MS)
      }
    },
    stop: rounds.stop,
  }
}

/** Rows and checkpoint move in one transaction, and only from where this run began: two runners do no event twice. */
async function catchUp(
  store: EventStore,
  projection: AnyProjection,
  at: { organizationId: string; from: number; log: RunnerLog },
): Promise<void> {
  let from = at.from
  for (;;) {
    const { organizationId } = at
    const page = await readLog(store.db, store.registry, { organizationId, after: from, limit: PAGE })
    const last = page.at(-1)
    if (!last) return
    const to = last.ok ? last.event.position : last.position
    const moved = await store.db.transaction().execute(async (tx) => {
      const live = await tx
        .selectFrom('live_projection')
        .select('version')
        .where('name', '=', projection.name)
        .forShare()
        .executeTakeFirst()
      if (live?.version !== projection.version) return false
      if (!(await moveCheckpoint(tx, projection.name, organizationId, { from, to }))) return false
      const parked = await parkedStreams(tx, projection.name, organizationId)
      const keys = new Set<string>()
      for (const entry of page) {
        const key = entry.ok ? projection.keyOf(entry.event) : null
        if (key !== null) keys.add(key)
      }
      const table = { projection, schema: 'public' }
      const plain = tx.withTables<never>()
      const known = await readRows(plain, table, organizationId, [...keys])
      const rows = new Map<string, Row>()
      for (const entry of page) {
        if (!entry.ok) {
          if (projection.streamType !== null && projection.streamType !== entry.streamType) continue
          parked.add(entry.streamId)
          await tx
            .insertInto('parked_stream')
            .values({
              ...{ organization_id: organizationId, projection: projection.name, stream_id: entry.streamId },
              ...{ position: entry.position, reason: entry.reason },
            })
            .onConflict((conflict) => conflict.doNothing())
            .execute()
          at.log.error(
            { projection: projection.name, organizationId, streamId: entry.streamId, reason: entry.reason },
            'an event cannot be read: the projection of its stream stops here, the others go on',
          )
          continue
        }
        const key = projection.keyOf(entry.event)
        if (key === null || parked.has(entry.event.streamId)) continue
        const row = projection.step(rows.get(key) ?? known.get(key), entry.event)
        if (row) rows.set(key, row)
      }
      await writeRows(plain, table, [...rows.values()])
      return true
    })
    if (!moved) return
    from = to
  }
}

async function parkedStreams(db: EventStore['db'], projection: string, organizationId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('parked_stream')
    .select('stream_id')
    .where('organization_id', '=', organizationId)
    .where('projection', '=', projection)
    .execute()
  return new Set(rows.map(({ stream_id }) => stream_id))
}

async function moveCheckpoint(
  db: EventStore['db'],
  projection: string,
  organizationId: string,
  move: { from: number; to: number },
): Promise<boolean> {
  const result = await sql<{ position: number }>`
    insert into checkpoint as c (organization_id, projection, position)
    select ${organizationId}::uuid, ${projection}, ${move.to}::bigint
    on conflict (organization_id, projection) do update set position = excluded.position
      where c.position = ${move.from}::bigint
    returning position`.execute(db)
  return result.rows.length === 1
}
