import pg from 'pg'
import type { NewEvent, Recorded } from '../event.ts'
import { leafHash } from '../proof/leaf.ts'
import { appendStatement, type RowChange, type RowSlot } from './append-statement.ts'
import type { EventStore } from './event-store.ts'

/** What an append does to one stream: nothing but hold its version when there are no events. */
export interface StreamAppend {
  readonly streamType: string
  readonly streamId: string
  /** The version that the decision was made at; 0 when the stream did not exist. */
  readonly expectedVersion: number
  /**
   * How often others had counted on the stream when the decision was made; where it depends on who does, they must not
   * have become more. Absent where it doesn't.
   */
  readonly expectedHeld?: number
  readonly events: readonly Recorded<NewEvent>[]
  /** The state folded with the new events, stored with the stream's head. */
  readonly state: unknown
  readonly stateVersion: number
}

/** One command's writes: all of them or none. */
export interface Append {
  readonly organizationId: string
  readonly commandId: string
  /** Tells a repetition of the command from another one under the same id. */
  readonly requestHash: Buffer
  readonly recordedAt: Date
  readonly streams: readonly StreamAppend[]
  readonly rows: readonly RowChange[]
  /** The projections that the rows were folded with, by version. */
  readonly projections: readonly { name: string; version: number }[]
}

/** Positions of the appended events by event id, or that another writer was faster (or a newer program took over). */
export type AppendOutcome = { is: 'appended'; positions: ReadonlyMap<string, number> } | { is: 'conflict' }

const RETRIED = new Set(['40P01', '40001'])
const PARTIAL = 'GC001'
const UNIQUE_VIOLATION = '23505'
const ATTEMPTS = 5

/**
 * Appends a command's events, rows and receipt in one statement, together with what other callers of this process
 * append at that moment. A receipt that is there already is a conflict like a moved version: read again.
 */
export function append(store: EventStore, command: Append): Promise<AppendOutcome> {
  return store.coalesce(command)
}

/** Writes a batch of commands by one statement; no stream may occur twice in it. Outcomes in the batch's order. */
export async function writeBatch(pool: pg.Pool, batch: readonly Append[]): Promise<(AppendOutcome | Error)[]> {
  try {
    return await write(pool, batch)
  } catch (error) {
    if (batch.length === 1) return [await settleAlone(pool, batch, error)]
    // One bad command must not undo its neighbours': each runs by itself.
    const outcomes: (AppendOutcome | Error)[] = []
    for (const command of batch) outcomes.push(...(await writeBatch(pool, [command])))
    return outcomes
  }
}

async function settleAlone(pool: pg.Pool, batch: readonly Append[], first: unknown): Promise<AppendOutcome | Error> {
  let error = first
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (!(error instanceof pg.DatabaseError)) break
    if (error.code === PARTIAL || error.code === UNIQUE_VIOLATION) return { is: 'conflict' }
    if (!RETRIED.has(error.code ?? '')) break
    try {
      const [outcome] = await write(pool, batch)
      if (outcome) return outcome
    } catch (again) {
      error = again
    }
  }
  return error instanceof Error ? error : new Error('The append failed', { cause: error })
}

async function write(pool: pg.Pool, batch: readonly Append[]): Promise<AppendOutcome[]> {
  const slots = slotsOf(batch)
  const result = await pool.query<{ n: number | null; event_id: string | null; position: number | null }>({
    name: `append:${slots.map((slot) => `${slot.remove ? '-' : '+'}${slot.table}`).join(',')}`,
    text: appendStatement(slots),
    values: parametersOf(batch, slots),
  })
  const won = new Set<number>()
  const positions = new Map<string, number>()
  for (const row of result.rows) {
    if (row.n !== null) won.add(row.n)
    if (row.event_id !== null && row.position !== null) positions.set(row.event_id, row.position)
  }
  return batch.map((_, n) => (won.has(n) ? { is: 'appended', positions } : { is: 'conflict' }))
}

/** The inline tables of a batch in a fixed order, so that the same mix of tables is the same prepared statement. */
function slotsOf(batch: readonly Append[]): RowSlot[] {
  const slots = new Map<string, RowSlot>()
  for (const { rows } of batch) {
    for (const { table, key, values, remove } of rows) {
      const name = slotName({ table, remove })
      if (!slots.has(name)) slots.set(name, { table, key, columns: Object.keys(values).sort(), remove })
    }
  }
  return [...slots.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, slot]) => slot)
}

function slotName(row: { table: string; remove: boolean }): string {
  return `${row.table} ${row.remove}`
}

function parametersOf(batch: readonly Append[], slots: readonly RowSlot[]): unknown[] {
  const streams = batch.flatMap((command, n) => command.streams.map((stream) => ({ n, ...stream })))
  const events = batch.flatMap((command, n) =>
    command.streams.flatMap((stream) => stream.events).map((event, ordinal) => ({ n, ordinal, event })),
  )
  const projections = new Map(
    batch.flatMap(({ projections }) => projections).map(({ name, version }) => [name, version]),
  )
  return [
    batch.map((_, n) => n),
    batch.map((command) => command.organizationId),
    batch.map((command) => command.commandId),
    batch.map((command) => command.requestHash),
    batch.map((command) => command.recordedAt.toISOString()),
    streams.map((stream) => stream.n),
    streams.map((stream) => stream.streamType),
    streams.map((stream) => stream.streamId),
    streams.map((stream) => stream.expectedVersion),
    streams.map((stream) => stream.expectedVersion + stream.events.length),
    streams.map((stream) => JSON.stringify(stream.state)),
    streams.map((stream) => stream.stateVersion),
    events.map(({ n }) => n),
    events.map(({ ordinal }) => ordinal),
    events.map(({ event }) => event.streamType),
    events.map(({ event }) => event.streamId),
    events.map(({ event }) => event.version),
    events.map(({ event }) => event.eventId),
    events.map(({ event }) => event.type),
    events.map(({ event }) => event.schemaVersion),
    events.map(({ event }) => JSON.stringify(event.data)),
    events.map(({ event }) => JSON.stringify(event.actor)),
    events.map(({ event }) => event.correlationId),
    events.map(({ event }) => event.causationId),
    events.map(({ event }) => leafHash(event)),
    [...projections.keys()],
    [...projections.values()],
    streams.map((stream) => stream.expectedHeld ?? null),
    ...slots.flatMap((slot) => {
      const rows = batch.flatMap((command, n) =>
        command.rows.filter((row) => slotName(row) === slotName(slot)).map((row) => ({ n, row })),
      )
      return [rows.map(({ n }) => n), rows.map(({ row }) => JSON.stringify(row.values))]
    }),
  ]
}
