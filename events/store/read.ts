import { type Kysely, type Selectable, sql } from 'kysely'
import { type Decider, fold } from '../decider.ts'
import { type EventRegistry, type Logged, type NewEvent, readData, UnreadableEvent } from '../event.ts'
import type { StoreTables } from './database.ts'

/** An event of the log, or that it can't be read and why; the reader decides what that stops. */
export type LogEntry =
  | { readonly ok: true; readonly event: Logged }
  | {
      readonly ok: false
      readonly position: number
      readonly streamType: string
      readonly streamId: string
      readonly type: string
      readonly reason: string
    }

/** Events of an organization after a position, in order, at most `limit`; of one kind of stream, or of all. */
export async function readLog(
  db: Kysely<StoreTables>,
  registry: EventRegistry,
  page: { organizationId: string; after: number; limit: number; upTo?: number; streamType?: string },
): Promise<LogEntry[]> {
  let query = db
    .selectFrom('event')
    .selectAll()
    .where('organization_id', '=', page.organizationId)
    .where('position', '>', page.after)
  if (page.upTo !== undefined) query = query.where('position', '<=', page.upTo)
  if (page.streamType !== undefined) query = query.where('stream_type', '=', page.streamType)
  const rows = await query.orderBy('position').limit(page.limit).execute()
  return rows.map((row) => toEntry(registry, row))
}

/** Every event of a stream from its first, in order; `after` skips versions. */
export async function readStream(
  db: Kysely<StoreTables>,
  registry: EventRegistry,
  stream: { organizationId: string; streamId: string; after?: number },
): Promise<LogEntry[]> {
  const rows = await db
    .selectFrom('event')
    .selectAll()
    .where('organization_id', '=', stream.organizationId)
    .where('stream_id', '=', stream.streamId)
    .where('version', '>', stream.after ?? 0)
    .orderBy('version')
    .execute()
  return rows.map((row) => toEntry(registry, row))
}

/** A stream's version and folded state, what the decision is made on. */
export interface Head<State> {
  readonly version: number
  /** How often an append has counted on this stream without changing it. */
  readonly held: number
  readonly state: State
  /** The request hash of this command id when it was carried out before. */
  readonly receipt: Buffer | null
  /** Rows of inline tables, by table, as jsonb gives them; absent where there is none. */
  readonly rows: ReadonlyMap<string, unknown>
}

/**
 * Reads in one statement what a command needs: head, receipt and inline rows. A state folded by another version of
 * the decider is folded again from the events.
 * @throws {UnreadableEvent} when it must be folded again and an event can't be read.
 */
export async function readHead<State, Event extends NewEvent>(
  db: Kysely<StoreTables>,
  registry: EventRegistry,
  decider: Decider<State, never, Event>,
  key: {
    organizationId: string
    streamId: string
    commandId: string
    inline: readonly { table: string; key: string }[]
  },
): Promise<Head<State>> {
  const rows = key.inline.map(
    ({ table, key: column }) => sql`${sql.lit(table)}, (select to_jsonb(t) from ${sql.table(table)} t
      where t.organization_id = k.organization_id and t.${sql.ref(column)} = k.stream_id)`,
  )
  const result = await sql<{
    version: number | null
    held: number | null
    stream_type: string | null
    state: unknown
    state_version: number | null
    request_hash: Buffer | null
    rows: Record<string, unknown>
  }>`
    select h.version, h.held, h.stream_type, h.state, h.state_version, r.request_hash,
      jsonb_build_object(${sql.join(rows)}) as rows
    from (select ${key.organizationId}::uuid as organization_id, ${key.streamId}::uuid as stream_id) k
    left join stream_head h on h.organization_id = k.organization_id and h.stream_id = k.stream_id
    left join receipt r on r.organization_id = k.organization_id and r.command_id = ${key.commandId}::uuid
  `.execute(db)
  const row = result.rows[0]
  const inline = new Map(Object.entries(row?.rows ?? {}).filter(([, value]) => value !== null))
  const receipt = row?.request_hash ?? null
  const held = row?.held ?? 0
  if (!row || row.version === null || row.stream_type !== decider.streamType) {
    return { version: row?.version ?? 0, held, state: decider.initialState, receipt, rows: inline }
  }
  if (row.state_version === decider.version) {
    return { version: row.version, held, state: decider.state.parse(row.state), receipt, rows: inline }
  }
  const refolded = await foldStream(db, registry, decider, key)
  return { ...refolded, held, receipt, rows: inline }
}

async function foldStream<State, Event extends NewEvent>(
  db: Kysely<StoreTables>,
  registry: EventRegistry,
  decider: Decider<State, never, Event>,
  stream: { organizationId: string; streamId: string },
): Promise<{ version: number; state: State }> {
  const events: Event[] = []
  let version = 0
  for (const entry of await readStream(db, registry, stream)) {
    if (!entry.ok) throw new UnreadableEvent(entry.reason)
    if (!decider.owns(entry.event)) throw new UnreadableEvent(`${entry.event.type} is not of ${decider.streamType}`)
    events.push(entry.event)
    version = entry.event.version
  }
  return { version, state: fold(decider, decider.initialState, events) }
}

function toEntry(registry: EventRegistry, row: Selectable<StoreTables['event']>): LogEntry {
  const place = { position: row.position, streamType: row.stream_type, streamId: row.stream_id, type: row.type }
  try {
    const data = readData(registry, { type: row.type, schemaVersion: row.schema_version, data: row.data })
    const event: Logged = {
      ...place,
      data,
      organizationId: row.organization_id,
      version: row.version,
      eventId: row.event_id,
      schemaVersion: row.schema_version,
      actor: row.actor,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
      commandId: row.command_id,
      recordedAt: row.recorded_at,
    }
    return { ok: true, event }
  } catch (error) {
    if (error instanceof UnreadableEvent) return { ok: false, ...place, reason: error.message }
    throw error
  }
}
