import type { EventStore } from '@git-connections/events/store'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { AnyProjection } from '../projection.ts'
import { writeRows } from '../write-rows.ts'
import { type Folded, foldLog, nothingFolded, type Progress, readHeads } from './fold-log.ts'

/** Where a projection is rebuilt before it takes the live one's place. */
export const WORKSHOP = 'rebuild'
const LOCK_TIMEOUT_MS = 500
const SWAP_ATTEMPTS = 40
const LOCK_NOT_AVAILABLE = '55P03'

/**
 * Rebuilds a projection from the log beside the live table and swaps it in. Writers go on meanwhile; they wait only
 * while the last events are folded under the lock.
 */
export async function rebuild(
  store: EventStore,
  projection: AnyProjection,
  options: { inline: boolean; onProgress?: Progress },
): Promise<{ rows: number; events: number }> {
  const db = store.db.withTables<never>()
  await prepareWorkshop(db, projection)
  const folded = await foldAll(store, projection, options.onProgress)
  for (const { rows } of folded.values()) await writeRows(db, { projection, schema: WORKSHOP }, [...rows.values()])
  for (let attempt = 1; ; attempt++) {
    try {
      return await swap(store, projection, { folded, inline: options.inline })
    } catch (error) {
      const locked = error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE
      // Everybody queues behind a waiting lock, so it gives up soon and tries again.
      if (!locked || attempt === SWAP_ATTEMPTS) throw error
    }
  }
}

/** Makes an empty table of the projection in the workshop. */
export async function prepareWorkshop(db: Kysely<never>, projection: AnyProjection): Promise<void> {
  await sql`create schema if not exists ${sql.id(WORKSHOP)}`.execute(db)
  await sql`drop table if exists ${sql.table(`${WORKSHOP}.${projection.name}`)}`.execute(db)
  await projection.createTable(db, WORKSHOP)
}

/** Folds every organization's log to its end. */
export async function foldAll(
  store: Pick<EventStore, 'db' | 'registry'>,
  projection: AnyProjection,
  onProgress: Progress | undefined,
): Promise<Map<string, Folded>> {
  const heads = await readHeads(store.db)
  const total = heads.reduce((sum, { position }) => sum + position, 0)
  const folded = new Map<string, Folded>()
  let done = 0
  for (const { organizationId } of heads) {
    const onPage = (events: number) => {
      done += events
      onProgress?.(done, Math.max(total, done))
    }
    folded.set(organizationId, await foldLog(store, projection, { organizationId, folded: nothingFolded(), onPage }))
  }
  return folded
}

async function swap(
  store: EventStore,
  projection: AnyProjection,
  { folded, inline }: { folded: ReadonlyMap<string, Folded>; inline: boolean },
): Promise<{ rows: number; events: number }> {
  return store.db.transaction().execute(async (tx) => {
    await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(tx)
    const live = sql.table(`public.${projection.name}`)
    const exists = await sql<{ found: boolean }>`
      select to_regclass(${`public.${projection.name}`}) is not null as found`.execute(tx)
    if (exists.rows[0]?.found) await sql`lock table ${live} in access exclusive mode`.execute(tx)
    // Async writers hold this row while they write, so none of them is in the middle of a batch now.
    await tx.selectFrom('live_projection').selectAll().where('name', '=', projection.name).forUpdate().execute()
    const plain = tx.withTables<never>()
    let rows = 0
    let events = 0
    for (const { organizationId } of await readHeads(tx)) {
      const before = folded.get(organizationId) ?? nothingFolded()
      // A copy: when the lock can't be had in the end, the next try starts from the same rows.
      const last = { ...before, rows: new Map(before.rows), parked: new Map(before.parked) }
      const reader = { db: tx, registry: store.registry }
      await foldLog(reader, projection, { organizationId, folded: last })
      const changed = [...last.rows].filter(([key, row]) => before.rows.get(key) !== row).map(([, row]) => row)
      await writeRows(plain, { projection, schema: WORKSHOP }, changed)
      if (!inline) await setCheckpoint(tx, projection.name, organizationId, last)
      rows += last.rows.size
      events += last.position
    }
    await sql`drop table if exists ${live}`.execute(tx)
    await sql`alter table ${sql.table(`${WORKSHOP}.${projection.name}`)} set schema public`.execute(tx)
    await tx
      .insertInto('live_projection')
      .values({ name: projection.name, version: projection.version })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ version: projection.version }))
      .execute()
    return { rows, events }
  })
}

async function setCheckpoint(
  db: EventStore['db'],
  name: string,
  organizationId: string,
  folded: Folded,
): Promise<void> {
  await db
    .insertInto('checkpoint')
    .values({ organization_id: organizationId, projection: name, position: folded.position })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'projection']).doUpdateSet({ position: folded.position }),
    )
    .execute()
  await db
    .deleteFrom('parked_stream')
    .where('organization_id', '=', organizationId)
    .where('projection', '=', name)
    .execute()
  for (const [streamId, { position, reason }] of folded.parked) {
    await db
      .insertInto('parked_stream')
      .values({ organization_id: organizationId, projection: name, stream_id: streamId, position, reason })
      .execute()
  }
}
