import { type Generated, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Actor } from '../event.ts'

/** The store's tables as Kysely sees them. */
export interface StoreTables {
  event: {
    organization_id: string
    position: number
    stream_type: string
    stream_id: string
    version: number
    event_id: string
    type: string
    schema_version: number
    data: unknown
    actor: Actor
    correlation_id: string
    causation_id: string | null
    command_id: string
    recorded_at: Date
    leaf_hash: Buffer
  }
  stream_head: {
    organization_id: string
    stream_type: string
    stream_id: string
    version: number
    state: unknown
    state_version: number
    held: Generated<number>
  }
  log_head: { organization_id: string; position: number }
  receipt: { organization_id: string; command_id: string; request_hash: Buffer; recorded_at: Date }
  live_projection: { name: string; version: number }
  checkpoint: { organization_id: string; projection: string; position: number }
  parked_stream: {
    organization_id: string
    projection: string
    stream_id: string
    position: number
    reason: string
    parked_at: Generated<Date>
  }
}

const INT8 = 20

/** Positions stay far below 2^53, so bigint columns are read as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
}

/** A pool of connections; `max` bounds how many statements run at once. */
export function openPool(connectionString: string, options: { max?: number; applicationName?: string } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    types,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'git-connections',
    connectionTimeoutMillis: 10_000,
    // A stuck statement must give its connection back before a person gives up.
    options: '-c statement_timeout=60s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s -c timezone=UTC',
  })
  // A broken connection is replaced by the pool, and what ran on it fails by itself. Unheard, its error would end the
  // process besides: the pool hears it while the connection is idle, and this listener while it is in use.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** The query builder over a pool. */
export function queryBuilder<Tables>(pool: pg.Pool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}
