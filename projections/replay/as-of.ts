import type { EventStore } from '@git-connections/events/store'
import { connectionStatus } from '../connection-status.ts'
import type { ConnectionStatusRow } from '../connection-status-row.ts'
import { inlineProjections } from '../list.ts'
import { foldLog, nothingFolded } from './fold-log.ts'

/** The organization's connections as they were. */
export interface ConnectionAsOf {
  readonly at: Date
  /** The last position recorded at or before that instant; 0 when there was nothing yet. */
  readonly position: number
  /** Deleted ones are left out, as they were on the page then. */
  readonly connections: readonly ConnectionStatusRow[]
}

/** Folds the log up to an instant; reads nothing else and writes nothing. */
export async function asOf(
  store: Pick<EventStore, 'db' | 'registry'>,
  organizationId: string,
  at: Date,
): Promise<ConnectionAsOf> {
  const last = await store.db
    .selectFrom('event')
    .select((eb) => eb.fn.max('position').as('position'))
    .where('organization_id', '=', organizationId)
    .where('recorded_at', '<=', at)
    .executeTakeFirst()
  const position = last?.position ?? 0
  const projection = inlineProjections.find(({ name }) => name === connectionStatus.name)
  if (position === 0 || !projection) return { at, position, connections: [] }
  const folded = await foldLog(store, projection, { organizationId, folded: nothingFolded(), upTo: position })
  const rows = [...folded.rows.values()].map((row) => connectionStatus.row.parse(row))
  return { at, position, connections: rows.filter(({ deleted_at }) => deleted_at === null) }
}
