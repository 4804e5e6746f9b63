import { type Actor, actorSchema, type Logged, type NewEvent } from '@git-connections/events'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { type Projection, timestamp } from './projection.ts'

const row = z.object({
  organization_id: z.string(),
  position: z.number(),
  recorded_at: timestamp,
  type: z.string(),
  stream_type: z.string(),
  stream_id: z.string(),
  actor_kind: actorSchema.shape.kind,
  actor_id: z.string(),
  actor_name: z.string(),
})
export type AuditEntryRow = z.infer<typeof row>

/** An index over the log for the audit's filters: one row an event, in every organization. */
export const auditEntry: Projection<AuditEntryRow, NewEvent, Logged> = {
  name: 'audit_entry',
  version: 1,
  streamType: null,
  key: 'position',
  keyOf: (event) => String(event.position),
  row,

  evolve(_before, event) {
    const { kind, id, name }: Actor = event.actor
    return {
      organization_id: event.organizationId,
      position: event.position,
      recorded_at: event.recordedAt.toISOString(),
      ...{ type: event.type, stream_type: event.streamType, stream_id: event.streamId },
      ...{ actor_kind: kind, actor_id: id, actor_name: name },
    }
  },

  async createTable(db: Kysely<never>, schema: string) {
    const table = sql.table(`${schema}.audit_entry`)
    await sql`
      create table ${table} (
        organization_id uuid not null, position bigint not null, recorded_at timestamptz(3) not null,
        type text not null, stream_type text not null, stream_id uuid not null,
        actor_kind text not null, actor_id text not null, actor_name text not null,
        primary key (organization_id, position)
      )`.execute(db)
    for (const columns of ['actor_id', 'stream_id', 'type', 'recorded_at']) {
      await sql`create index on ${table} (organization_id, ${sql.ref(columns)}, position desc)`.execute(db)
    }
  },
}
