import { DomainError } from '@git-connections/events'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../database/tables.ts'
import type { Shell } from '../shell.ts'
import { likeWord } from './like-word.ts'

/**
 * Names are indexed by groups of three letters. Words that have none are looked for among so many repositories at a
 * time, so that no page takes long, however rare they are.
 */
export const MOST_WALKED = 12_000

/** What is looked for. */
export interface Search {
  readonly organizationId: string
  /** Null for all connections. */
  readonly connectionId: string | null
  /** Words that must all stand in the full name; case does not matter. */
  readonly search: string
  readonly cursor: string | null
  readonly limit: number
}

/** The columns of what a repository shows. */
export const SHOWN = [
  ...(['connection_id', 'repository_id', 'full_name', 'url', 'private', 'archived', 'fork'] as const),
  ...(['default_branch', 'pushed_at'] as const),
] as const
export type ShownRow = Pick<Selectable<Tables['repository']>, (typeof SHOWN)[number]>
type Place = Pick<ShownRow, 'pushed_at' | 'repository_id' | 'connection_id'>

const COLUMNS = sql.join(SHOWN.map((name) => sql.ref(name)))
const IN_ORDER = sql`order by pushed_at desc nulls last, repository_id, connection_id`

/**
 * A page of the repositories in the index, the most recently active first. It may hold fewer than were asked for, even
 * none, and not be the last: only without a next cursor is it.
 * @throws {DomainError} InputInvalid for a cursor that is none of ours.
 */
export async function findPage(
  { db }: Pick<Shell, 'db'>,
  search: Search,
): Promise<{ rows: ShownRow[]; nextCursor: string | null }> {
  const { limit } = search
  const from = search.cursor === null ? null : fromCursor(search.cursor)
  const words = search.search.toLowerCase().split(/\s+/).filter(Boolean)
  const walks = words.length > 0 && !words.some((word) => /[\p{L}\p{N}]{3}/u.test(word))
  const near = stretch(search, { from, words: [], most: MOST_WALKED })
  const found = walks
    ? sql<ShownRow>`select ${COLUMNS} from (${near}) as near where true ${withWords(words)} ${IN_ORDER} limit ${limit + 1}`
    : stretch(search, { from, words, most: limit + 1 })
  const { rows } = await found.execute(db)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  if (rows.length > limit && last) return { rows: shown, nextCursor: toCursor(last) }
  if (!walks) return { rows: shown, nextCursor: null }
  const end = await sql<Place>`
    select pushed_at, repository_id, connection_id from (${near}) as near ${IN_ORDER}
    offset ${MOST_WALKED - 1} limit 1`.execute(db)
  return { rows: shown, nextCursor: end.rows[0] ? toCursor(end.rows[0]) : null }
}

/** So many at most that come after a place. Where it has a time and where it has none are two stretches of an index. */
function stretch(
  { organizationId, connectionId }: Search,
  { from, words, most }: { from: Place | null; words: readonly string[]; most: number },
): RawBuilder<ShownRow> {
  const part = (place: RawBuilder<unknown>) => sql<ShownRow>`
    select ${COLUMNS} from repository
    where organization_id = ${organizationId} ${connectionId === null ? sql`` : sql`and connection_id = ${connectionId}`}
      ${place} ${withWords(words)}
    ${IN_ORDER} limit ${most}`
  if (from === null) return part(sql``)
  const later = sql`(repository_id, connection_id) > (${from.repository_id}, ${from.connection_id}::uuid)`
  if (from.pushed_at === null) return part(sql`and pushed_at is null and ${later}`)
  const time = sql`${from.pushed_at}::timestamptz`
  return sql`
    select ${COLUMNS} from (
      (${part(sql`and pushed_at <= ${time} and (pushed_at < ${time} or ${later})`)})
      union all (${part(sql`and pushed_at is null`)})) as parts
    ${IN_ORDER} limit ${most}`
}

function withWords(words: readonly string[]): RawBuilder<unknown> {
  return sql.join(
    words.map((word) => sql`and lower(full_name) like ${likeWord(word)}`),
    sql` `,
  )
}

const place = z.tuple([z.number().int().nullable(), z.string(), z.uuid()])

function fromCursor(cursor: string): Place {
  try {
    const [at, repository_id, connection_id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { pushed_at: at === null ? null : new Date(at), repository_id, connection_id }
  } catch {
    throw new DomainError('InputInvalid', 'This is no place in the list. Start anew.', { field: 'cursor' })
  }
}

function toCursor(last: Place): string {
  const at = [last.pushed_at?.getTime() ?? null, last.repository_id, last.connection_id]
  return Buffer.from(JSON.stringify(at)).toString('base64url')
}
