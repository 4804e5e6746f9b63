import { sql } from 'kysely'
import type { ConnectionKey } from '../broker/lease.ts'
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

/** How many letters were changed, left out, added, or swapped with their neighbour. */
export function changesBetween(one: string, other: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const [left = 0, up = 0, corner = 0] = [row[j - 1], last[j], last[j - 1]]
      row[j] = Math.min(
        left + 1,
        up + 1,
        corner + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.MAX_VALUE,
      )
    }
    ;[before, last] = [last, row]
  }
  return last[other.length] ?? 0
}

function lastPart(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('/') + 1)
}
