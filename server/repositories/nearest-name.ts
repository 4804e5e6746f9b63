import { sql } from 'kysely'
import type { ConnectionKey } from '../broker/lease.ts'
import { changesBetween } from '../modules/edit-distance.ts'
import type { Shell } from '../shell.ts'
import { type RepositoryView, toRepositoryView } from './browse.ts'
import { SHOWN } from './find-page.ts'
import { likeWord } from './like-word.ts'

/** Of how many that share parts of the name the nearest is chosen. */
const CANDIDATES = 20

/** What a connection reaches under nearly a name: with a slip of the hand in it, or of another owner. Null for nothing. */
export async function findNearest(
  { db }: Pick<Shell, 'db'>,
  { organizationId, connectionId }: ConnectionKey,
  fullName: string,
): Promise<RepositoryView | null> {
  const name = fullName.toLowerCase()
  const own = sql<string>`lower(full_name)`
  const rows = await db
    .selectFrom('repository')
    .select(SHOWN)
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where((eb) =>
      eb.or([sql<boolean>`${own} % ${name}`, eb(own, 'like', likeWord(`/${lastPart(name)}`).slice(0, -1))]),
    )
    .orderBy(sql`similarity(${own}, ${name})`, 'desc')
    .orderBy('full_name')
    .limit(CANDIDATES)
    .execute()
  const distances = rows.map((row) => ({ row, away: distanceOf(row.full_name.toLowerCase(), name) }))
  const [nearest] = distances
    .filter(({ away }) => away !== null)
    .sort((one, other) => (one.away ?? 0) - (other.away ?? 0))
  return nearest ? toRepositoryView(nearest.row) : null
}

/** How far a name is from another; null for too far to be taken for it. */
function distanceOf(one: string, other: string): number | null {
  const changes = changesBetween(one, other)
  const few = Math.max(1, Math.floor(lastPart(other).length / 3))
  return changes <= few || lastPart(one) === lastPart(other) ? changes : null
}

function lastPart(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('/') + 1)
}
