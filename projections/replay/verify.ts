import { isDeepStrictEqual } from 'node:util'
import type { EventStore } from '@git-connections/events/store'
import type { AnyProjection, Row } from '../projection.ts'
import { readRows } from '../write-rows.ts'
import { foldLog, nothingFolded, type Progress, readHeads } from './fold-log.ts'

/** A live row that is not what the log says. */
export interface Difference {
  readonly projection: string
  readonly organizationId: string
  readonly key: string
  /** The fields that differ; empty when the row is missing or superfluous. */
  readonly fields: readonly string[]
  readonly problem: 'missing' | 'superfluous' | 'different'
}

const MOST = 20

/** Folds the log again and compares it with the live rows; changes nothing. At most twenty differences. */
export async function verify(
  store: EventStore,
  projection: AnyProjection,
  options: { inline: boolean; onProgress?: Progress },
): Promise<{ rows: number; differences: Difference[] }> {
  const heads = await readHeads(store.db)
  const total = heads.reduce((sum, { position }) => sum + position, 0)
  const differences: Difference[] = []
  let rows = 0
  let done = 0
  for (const { organizationId } of heads) {
    // One snapshot for the log and its rows, so that what is written meanwhile is in both or in neither.
    await store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        const upTo = options.inline ? undefined : await checkpointOf(tx, projection.name, organizationId)
        const reader = { db: tx, registry: store.registry }
        const onPage = (events: number) => {
          done += events
          options.onProgress?.(done, Math.max(total, done))
        }
        const folded = await foldLog(reader, projection, {
          ...{ organizationId, folded: nothingFolded(), onPage },
          ...(upTo === undefined ? {} : { upTo }),
        })
        const live = await readRows(tx.withTables<never>(), { projection, schema: 'public' }, organizationId, null)
        rows += folded.rows.size
        const at = { projection: projection.name, organizationId }
        for (const [key, row] of folded.rows) {
          const found = compare(projection, row, live.get(key))
          if (found && differences.length < MOST) differences.push({ ...at, key, ...found })
        }
        for (const key of live.keys()) {
          if (folded.rows.has(key) || differences.length >= MOST) continue
          differences.push({ ...at, key, fields: [], problem: 'superfluous' })
        }
      })
  }
  return { rows, differences }
}

function compare(projection: AnyProjection, folded: Row, live: unknown): Pick<Difference, 'fields' | 'problem'> | null {
  if (live === undefined) return { fields: [], problem: 'missing' }
  const expected = projection.read(folded)
  const found = projection.read(live)
  if (!expected.ok) throw new Error(`A folded row of ${projection.name} is malformed in ${expected.fields.join(', ')}`)
  if (!found.ok) return { fields: found.fields, problem: 'different' }
  const fields = Object.keys(expected.row).filter((field) => !isDeepStrictEqual(expected.row[field], found.row[field]))
  return fields.length > 0 ? { fields, problem: 'different' } : null
}

async function checkpointOf(db: EventStore['db'], projection: string, organizationId: string): Promise<number> {
  const checkpoint = await db
    .selectFrom('checkpoint')
    .select('position')
    .where('organization_id', '=', organizationId)
    .where('projection', '=', projection)
    .executeTakeFirst()
  return checkpoint?.position ?? 0
}
