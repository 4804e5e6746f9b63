import { DomainError } from '@git-connections/events'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { Shell } from '../shell.ts'
import { findPage, type Search, type ShownRow } from './find-page.ts'

/** A list that is older is read again behind the back of whoever looks at it. */
const STALE_MS = 2 * 60_000
/** How often whoever looks has a listing asked for at most while none succeeds. */
const LOOKING_SECONDS = 20
/** Who refreshes within this time gets one listing. */
const REFRESHING_SECONDS = 5

export const repositoryView = z.object({
  id: z.string(),
  connectionId: z.uuid(),
  fullName: z.string(),
  url: z.string(),
  private: z.boolean(),
  archived: z.boolean(),
  fork: z.boolean(),
  defaultBranch: z.string().nullable(),
  pushedAt: z.iso.datetime().nullable(),
})

export type RepositoryView = z.infer<typeof repositoryView>

export const repositoryList = z.object({
  /** May be fewer than asked for, even none, while there is a next cursor: the rest of a long list is looked into then. */
  repositories: z.array(repositoryView),
  nextCursor: z.string().nullable(),
  /** How many the last whole reading found, whatever is searched for. */
  total: z.number().int(),
  /** When the list was last read to its end; null before the first time. */
  asOf: z.iso.datetime().nullable(),
  /** What the provider left out; null when it says nothing of it. */
  incomplete: z.string().nullable(),
  /** Why the last reading broke off; null when it did not. */
  trouble: z.string().nullable(),
  /** How far the reading that runs has come; null when none does. */
  reading: z.object({ pages: z.number().int(), pagesInAll: z.number().int().nullable() }).nullable(),
})
type RepositoryList = z.infer<typeof repositoryList>

/**
 * Repositories from the index, the most recently active first; an index that is old or missing is filled behind.
 * @throws {DomainError} ConnectionMissing; InputInvalid for a cursor that is none of ours.
 */
export async function browse(shell: Pick<Shell, 'db' | 'clock' | 'enqueue'>, search: Search): Promise<RepositoryList> {
  const { organizationId, connectionId } = search
  if (connectionId !== null) await requireConnection(shell, { organizationId, connectionId })
  const [{ rows, nextCursor }, indexes] = await Promise.all([findPage(shell, search), indexesOf(shell, search)])
  const stale = new Date(shell.clock().getTime() - STALE_MS)
  const old = indexes.filter(({ as_of: asOf }) => asOf === null || asOf < stale)
  await askForListings(
    shell,
    organizationId,
    old.map(({ connection_id: id }) => id),
    LOOKING_SECONDS,
  )
  return {
    repositories: rows.map(toRepositoryView),
    nextCursor,
    total: indexes.reduce((sum, { repositories }) => sum + (repositories ?? 0), 0),
    ...stateOf(indexes),
  }
}

/** A row of the index as people and programs see it. */
export function toRepositoryView(row: ShownRow): RepositoryView {
  const { connection_id, repository_id, full_name, default_branch, pushed_at, ...rest } = row
  return {
    ...{ id: repository_id, connectionId: connection_id, fullName: full_name, defaultBranch: default_branch },
    ...{ ...rest, pushedAt: pushed_at?.toISOString() ?? null },
  }
}

/**
 * Has the list of a connection read again, once for all who ask at about the same time.
 * @throws {DomainError} ConnectionMissing
 */
export async function refreshList(shell: Shell, key: { organizationId: string; connectionId: string }): Promise<void> {
  await requireConnection(shell, key)
  await askForListings(shell, key.organizationId, [key.connectionId], REFRESHING_SECONDS)
}

async function requireConnection(
  { db }: Pick<Shell, 'db'>,
  { organizationId, connectionId }: { organizationId: string; connectionId: string },
): Promise<void> {
  const row = await db
    .selectFrom('connection_status')
    .select('connection_id')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new DomainError('ConnectionMissing', 'There is no such connection.')
}

/** The indexes of the connections that are looked into, also where nothing was listed yet. */
function indexesOf({ db }: Pick<Shell, 'db'>, { organizationId, connectionId }: Search) {
  let query = db
    .selectFrom('connection_status as connection')
    .leftJoin('repository_index as index', (join) =>
      join
        .onRef('index.organization_id', '=', 'connection.organization_id')
        .onRef('index.connection_id', '=', 'connection.connection_id'),
    )
    .select(['connection.connection_id', 'index.as_of', 'index.pages', 'index.pages_in_all'])
    .select(['index.incomplete', 'index.trouble', 'index.repositories'])
    .select(sql<boolean>`coalesce(index.run is not null and index.run_until > clock_timestamp(), false)`.as('reads'))
    .where('connection.organization_id', '=', organizationId)
    .where('connection.deleted_at', 'is', null)
    .where('connection.enabled', '=', true)
    .where('connection.status', '=', 'active')
  if (connectionId !== null) query = query.where('connection.connection_id', '=', connectionId)
  return query.execute()
}

/** Of several connections the oldest list, and the first thing that is wrong with any. */
function stateOf(
  indexes: Awaited<ReturnType<typeof indexesOf>>,
): Omit<RepositoryList, 'repositories' | 'nextCursor' | 'total'> {
  const times = indexes.map(({ as_of }) => as_of)
  const oldest = times.reduce<Date | null>((old, at) => (old && at && at < old ? at : old), times[0] ?? null)
  const reading = indexes.filter(({ reads }) => reads)
  const pages = (of: (index: (typeof reading)[number]) => number | null) =>
    reading.reduce((sum, index) => sum + (of(index) ?? 0), 0)
  return {
    asOf: times.includes(null) ? null : (oldest?.toISOString() ?? null),
    incomplete: indexes.find(({ incomplete }) => incomplete !== null)?.incomplete ?? null,
    trouble: indexes.find(({ trouble }) => trouble !== null)?.trouble ?? null,
    reading:
      reading.length === 0
        ? null
        : { pages: pages((index) => index.pages), pagesInAll: pages((index) => index.pages_in_all) || null },
  }
}

/** Puts a job for each, unless one was put just now. */
async function askForListings(
  { db, enqueue }: Pick<Shell, 'db' | 'enqueue'>,
  organizationId: string,
  connectionIds: readonly string[],
  everySeconds: number,
): Promise<void> {
  if (connectionIds.length === 0) return
  const asked = await sql<{ connectionId: string }>`
    insert into repository_index as index (organization_id, connection_id, asked_at)
    select ${organizationId}::uuid, connection_id, clock_timestamp() from unnest(${connectionIds}::uuid[]) as connection_id
    on conflict (organization_id, connection_id) do update set asked_at = excluded.asked_at
      where index.asked_at is null or index.asked_at < clock_timestamp() - ${everySeconds} * interval '1 second'
    returning connection_id as "connectionId"`.execute(db)
  for (const { connectionId } of asked.rows) {
    await enqueue({ name: 'list-repositories', data: { organizationId, connectionId, eventId: uuidv7() } }, null)
  }
}
