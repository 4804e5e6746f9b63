import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { allEvents, createRegistry, type EventRegistry } from '@git-connections/events'
import { type EventStore, openEventStore, openPool } from '@git-connections/events/store'
import type pg from 'pg'
import { startEmbeddedPostgres } from '../server/database/embedded-postgres.ts'
import { migrate } from '../server/database/migrate.ts'

/** What is measured, and for how long. */
export interface Plan {
  readonly rounds: number
  /** How long one cell of a round runs. */
  readonly cellMs: number
  /** Events in the log that is read again. */
  readonly events: number
  /** Connections of the organization that reaches the most. */
  readonly connections: number
}

/** A PostgreSQL of the run's own, with fsync on, as the product runs it. */
export interface World {
  readonly plan: Plan
  /** A store as a server opens it. */
  readonly store: EventStore
  /** The store of another server on the same database. */
  readonly replica: EventStore
  /** Connections for what is measured beside. */
  readonly pool: pg.Pool
  readonly close: () => Promise<void>
}

export async function openWorld(plan: Plan): Promise<World> {
  // Not the system's folder for passing files: that may lie in memory, where fsync costs nothing.
  const folder = await mkdtemp('/var/tmp/git-connections-bench-')
  // PostgreSQL runs as another account where we are root, and must get through.
  await chmod(folder, 0o711)
  const postgres = await startEmbeddedPostgres({ clusterDir: join(folder, 'postgres'), durable: true })
  const { connectionString } = postgres
  await migrate(connectionString)
  const registry: EventRegistry = createRegistry(allEvents)
  const pools = [12, 12, 32].map((max) => openPool(connectionString, { max }))
  const [own, other, bare] = pools
  if (!own || !other || !bare) throw new Error('no pool')
  const store = await openEventStore({ pool: own, registry })
  const replica = await openEventStore({ pool: other, registry })
  await bare.query('create table bare (id bigint generated always as identity primary key, data jsonb not null)')
  return {
    ...{ plan, store, replica, pool: bare },
    async close() {
      await store.close()
      await replica.close()
      for (const pool of pools) await pool.end()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
