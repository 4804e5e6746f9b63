import type { Logged, NewEvent, Recorded } from '@git-connections/events'
import type { RowChange } from '@git-connections/events/store'
import type { Kysely } from 'kysely'
import { z } from 'zod'

/** A row of a read model: JSON throughout, times as ISO strings. */
export type Row = Readonly<Record<string, unknown>> & { readonly organization_id: string }

/** What is known because of the log, a row at a time; live, replay, as-of and verify fold with the same `evolve`. */
export interface Projection<R extends Row, Event extends NewEvent, Seen extends Recorded<Event> = Recorded<Event>> {
  /** The table's name too. */
  readonly name: string
  /** Another version means: rebuild, and swap without comparing. */
  readonly version: number
  readonly streamType: string | null
  /** The key column beside organization_id. */
  readonly key: string
  readonly keyOf: (event: Seen) => string
  /** Reads a row back from its jsonb form. */
  readonly row: z.ZodType<R>
  /** Pure; undefined means that there is no row. */
  readonly evolve: (row: R | undefined, event: Seen) => R | undefined
  /** Makes the table with its indexes in that schema. */
  readonly createTable: (db: Kysely<never>, schema: string) => Promise<void>
}

/** A projection whatever its rows and events are: what the runner and the replay work with. */
export interface AnyProjection {
  readonly name: string
  readonly version: number
  readonly streamType: string | null
  readonly key: string
  readonly keyOf: (event: Logged) => string | null
  /** The row after the event; `row` is what jsonb or an earlier step gave. */
  readonly step: (row: unknown, event: Recorded) => Row | undefined
  /** The row in its one comparable form, or the fields that no row of this projection can have. */
  readonly read: (row: unknown) => { ok: true; row: Row } | { ok: false; fields: string[] }
  readonly createTable: (db: Kysely<never>, schema: string) => Promise<void>
}

/** Hides the types of a projection behind checks at its border. */
export function anyProjection<R extends Row, Event extends NewEvent, Seen extends Recorded<Event>>(
  projection: Projection<R, Event, Seen>,
  owns: (event: Recorded) => event is Seen,
): AnyProjection {
  // Rows that come from here are read once: checking each of them again at each event was most of a replay.
  const made = new WeakSet<object>()
  const isMade = (row: unknown): row is R => typeof row === 'object' && row !== null && made.has(row)
  const rowOf = (row: unknown) => (row === undefined || row === null ? undefined : projection.row.parse(row))
  return {
    ...projection,
    keyOf: (event) => (owns(event) ? projection.keyOf(event) : null),
    step: (row, event) => {
      const before = isMade(row) ? row : rowOf(row)
      const after = owns(event) ? projection.evolve(before, event) : before
      if (after) made.add(after)
      return after
    },
    read: (row) => {
      const parsed = projection.row.safeParse(row)
      if (parsed.success) return { ok: true, row: parsed.data }
      return { ok: false, fields: [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))] }
    },
  }
}

/** The inline row after these events, as a change for the append; nothing where the row stays away. */
export function foldRow(projection: AnyProjection, before: unknown, events: readonly Recorded[]): RowChange[] {
  if (events.length === 0) return []
  let row: Row | undefined
  let current = before
  for (const event of events) {
    row = projection.step(current, event)
    current = row
  }
  return row ? [{ table: projection.name, key: [projection.key], values: row, remove: false }] : []
}

/** A time column as jsonb or a driver gives it, in its one form. */
export const timestamp = z.union([z.date(), z.string()]).transform((value) => new Date(value).toISOString())
