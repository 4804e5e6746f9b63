import type { Kysely } from 'kysely'
import type pg from 'pg'
import type { EventRegistry } from '../event.ts'
import type { Append, AppendOutcome } from './append.ts'
import { createCoalescer } from './coalesce.ts'
import { queryBuilder, type StoreTables } from './database.ts'
import { createWake, type Wake } from './wake.ts'

/** An open event store: its database, the events it can read, and its wake-up calls. */
export interface EventStore {
  readonly pool: pg.Pool
  readonly db: Kysely<StoreTables>
  readonly registry: EventRegistry
  readonly wake: Wake
  /** Used by `append` alone. */
  readonly coalesce: (command: Append) => Promise<AppendOutcome>
  readonly close: () => Promise<void>
}

/** Opens the store on a pool; `listen: false` for programs that only read once. */
export async function openEventStore(options: {
  pool: pg.Pool
  registry: EventRegistry
  listen?: boolean
}): Promise<EventStore> {
  const { pool, registry } = options
  const wake = await createWake(pool, { listen: options.listen ?? true })
  return {
    pool,
    db: queryBuilder<StoreTables>(pool),
    registry,
    wake,
    coalesce: createCoalescer(pool, (organizationIds) => wake.announce(organizationIds)),
    close: () => wake.close(),
  }
}
