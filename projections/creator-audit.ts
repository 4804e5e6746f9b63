import { type ConnectionEvent, connectionMethod, type Logged, providerName } from '@git-connections/events'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { type Projection, timestamp } from './projection.ts'

const row = z.object({
  organization_id: z.string(),
  connection_id: z.string(),
  name: z.string(),
  provider: providerName,
  method: connectionMethod,
  creator_id: z.string(),
  creator_name: z.string(),
  created_at: timestamp,
  deleted_at: timestamp.nullable(),
  /** How many events of each type. */
  counts: z.record(z.string(), z.number()),
  last_event_at: timestamp,
  last_actor_name: z.string(),
})
export type CreatorAuditRow = z.infer<typeof row>

/** Who created each connection, and how much was done to it since; the entries themselves are in `audit_entry`. */
export const creatorAudit: Projection<CreatorAuditRow, ConnectionEvent, Logged<ConnectionEvent>> = {
  name: 'creator_audit',
  version: 1,
  streamType: 'connection',
  key: 'connection_id',
  keyOf: (event) => event.streamId,
  row,

  evolve(before, event) {
    const at = event.recordedAt.toISOString()
    const last = { last_event_at: at, last_actor_name: event.actor.name }
    if (event.type === 'ConnectionCreated') {
      const { name, provider, method } = event.data
      return {
        organization_id: event.organizationId,
        connection_id: event.streamId,
        ...{ name, provider, method, creator_id: event.actor.id, creator_name: event.actor.name },
        ...{ created_at: at, deleted_at: null, counts: { [event.type]: 1 }, ...last },
      }
    }
    if (!before) return undefined
    const counts = { ...before.counts, [event.type]: (before.counts[event.type] ?? 0) + 1 }
    const next = { ...before, counts, ...last }
    switch (event.type) {
      case 'ConnectionRenamed':
        return { ...next, name: event.data.name }
      case 'ConnectionDeleted':
        return { ...next, deleted_at: at }
      case 'ConnectionRestored':
        return { ...next, deleted_at: null }
      default:
        return next
    }
  },

  async createTable(db: Kysely<never>, schema: string) {
    const table = sql.table(`${schema}.creator_audit`)
    await sql`
      create table ${table} (
        organization_id uuid not null, connection_id uuid not null, name text not null, provider text not null,
        method text not null, creator_id text not null, creator_name text not null,
        created_at timestamptz(3) not null, deleted_at timestamptz(3), counts jsonb not null,
        last_event_at timestamptz(3) not null, last_actor_name text not null,
        primary key (organization_id, connection_id)
      )`.execute(db)
    await sql`create index on ${table} (organization_id, creator_id)`.execute(db)
  },
}
