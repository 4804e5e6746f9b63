import { type EventStore, readLog } from '@git-connections/events/store'
import type { AnyProjection, Row } from '../projection.ts'

const PAGE = 1_000

/** How far a replay is; told after each page. */
export type Progress = (done: number, total: number) => void

/** An organization's rows by key, with the position they are folded to and the streams that could not be read. */
export interface Folded {
  readonly rows: Map<string, Row>
  readonly parked: Map<string, { position: number; reason: string }>
  position: number
}

/** Rows of nothing. */
export function nothingFolded(): Folded {
  return { rows: new Map(), parked: new Map(), position: 0 }
}

type Reader = Pick<EventStore, 'db' | 'registry'>

/** Folds an organization's log into rows, from where they stand to a position or to its end. */
export async function foldLog(
  store: Reader,
  projection: AnyProjection,
  of: {
    organizationId: string
    folded: Folded
    upTo?: number
    /** Leaves the events of other streams unread; the position is then that of the last one read. */
    streamType?: string
    onPage?: (events: number) => void
  },
): Promise<Folded> {
  const { folded } = of
  for (;;) {
    const page = await readLog(store.db, store.registry, {
      organizationId: of.organizationId,
      after: folded.position,
      limit: PAGE,
      ...(of.upTo === undefined ? {} : { upTo: of.upTo }),
      ...(of.streamType === undefined ? {} : { streamType: of.streamType }),
    })
    for (const entry of page) {
      if (!entry.ok) {
        folded.position = entry.position
        const concerns = projection.streamType === null || projection.streamType === entry.streamType
        if (concerns && !folded.parked.has(entry.streamId)) {
          folded.parked.set(entry.streamId, { position: entry.position, reason: entry.reason })
        }
        continue
      }
      const { event } = entry
      folded.position = event.position
      const key = projection.keyOf(event)
      if (key === null || folded.parked.has(event.streamId)) continue
      const row = projection.step(folded.rows.get(key), event)
      if (row) folded.rows.set(key, row)
    }
    of.onPage?.(page.length)
    if (page.length < PAGE) return folded
  }
}

/** The heads of all organizations' logs. */
export async function readHeads(db: EventStore['db']): Promise<{ organizationId: string; position: number }[]> {
  const heads = await db.selectFrom('log_head').selectAll().orderBy('organization_id').execute()
  return heads.map(({ organization_id, position }) => ({ organizationId: organization_id, position }))
}
