import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { ConnectionKey } from '../broker/lease.ts'
import type { Tables } from '../database/tables.ts'
import type { RepositoryPage } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'

/** One reading of a connection's whole list. */
export interface Run {
  readonly id: string
  readonly key: ConnectionKey
  /** Whether the connection's list was never read to its end before. */
  readonly isFirst: boolean
}

/** Begins a reading; null when one runs already, or ended just now with the same credential. */
export async function beginRun(
  { db, clock }: Pick<Shell, 'db' | 'clock'>,
  key: ConnectionKey,
  options: { credentialVersion: number; lengthMs: number; freshMs: number },
): Promise<Run | null> {
  const id = randomUUID()
  const until = sql<Date>`clock_timestamp() + ${options.lengthMs} * interval '1 millisecond'`
  const freshSince = new Date(clock().getTime() - options.freshMs)
  const begun = await db
    .insertInto('repository_index')
    .values({ organization_id: key.organizationId, connection_id: key.connectionId, run: id, run_until: until })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'connection_id'])
        .doUpdateSet({ run: id, run_until: until, pages: 0 })
        .where((eb) =>
          eb.and([
            eb.or([
              eb('repository_index.run', 'is', null),
              eb('repository_index.run_until', '<', sql<Date>`clock_timestamp()`),
            ]),
            eb.or([
              eb('repository_index.as_of', 'is', null),
              eb('repository_index.trouble', 'is not', null),
              eb('repository_index.as_of', '<', freshSince),
              eb('repository_index.credential_version', 'is distinct from', options.credentialVersion),
            ]),
          ]),
        ),
    )
    .returning('as_of')
    .executeTakeFirst()
  if (begun) return { id, key, isFirst: begun.as_of === null }
  // What was asked for has been done already; whoever asks next must be heard.
  await db
    .updateTable('repository_index')
    .set({ asked_at: null })
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('run', 'is', null)
    .where('trouble', 'is', null)
    .where('as_of', '>=', freshSince)
    .execute()
  return null
}

/** What a page of the last reading was known by, and where the one after it was. */
export interface KnownPage {
  readonly etag: string
  readonly next: string | null
}

/**
 * The pages of the last reading, to ask by whether they changed; only those of which everything is still in the index,
 * since it may be dropped at any time.
 */
export async function knownPages(db: Kysely<Tables>, key: ConnectionKey): Promise<Map<number, KnownPage>> {
  const { rows } = await sql<KnownPage & { page: number }>`
    select page.page, page.etag, page.next from repository_page as page
    where page.organization_id = ${key.organizationId} and page.connection_id = ${key.connectionId}
      and cardinality(page.repository_ids) = (
        select count(*) from repository
        where repository.organization_id = page.organization_id and repository.connection_id = page.connection_id
          and repository.repository_id = any (page.repository_ids))`.execute(db)
  return new Map(rows.map(({ page, ...known }) => [page, known]))
}

type Read = Exclude<RepositoryPage, { is: 'stopped' }>

/** Takes a page into the index; false when the run is not the connection's current one any more. */
export async function takePage(
  db: Kysely<Tables>,
  { id, key }: Run,
  { number, page }: { number: number; page: Read },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const current = await tx
      .updateTable('repository_index')
      .set((eb) => ({
        pages: number,
        pages_in_all:
          (page.is === 'page' ? page.pagesInAll : null) ?? eb.fn('greatest', ['pages_in_all', eb.val(number)]),
      }))
      .where('organization_id', '=', key.organizationId)
      .where('connection_id', '=', key.connectionId)
      .where('run', '=', id)
      .executeTakeFirst()
    if (current.numUpdatedRows !== 1n) return false
    if (page.is === 'unchanged') await keepPage(tx, { id, key }, number)
    else await writePage(tx, { id, key }, { number, page })
    return true
  })
}

async function keepPage(tx: Kysely<Tables>, { id, key }: Pick<Run, 'id' | 'key'>, number: number): Promise<void> {
  await sql`
    update repository set run = ${id}, asked_at = null from repository_page as page
    where page.organization_id = ${key.organizationId} and page.connection_id = ${key.connectionId}
      and page.page = ${number}
      and repository.organization_id = page.organization_id and repository.connection_id = page.connection_id
      and repository.repository_id = any (page.repository_ids)`.execute(tx)
}

async function writePage(
  tx: Kysely<Tables>,
  { id, key }: Pick<Run, 'id' | 'key'>,
  { number, page }: { number: number; page: Extract<Read, { is: 'page' }> },
): Promise<void> {
  const { organizationId, connectionId } = key
  await sql`
    insert into repository (
      organization_id, connection_id, repository_id, full_name, url, private, archived, fork, default_branch,
      pushed_at, run)
    select distinct on (row.id) ${organizationId}::uuid, ${connectionId}::uuid, row.id, row."fullName", row.url,
      row.private, row.archived, row.fork, row."defaultBranch", row."pushedAt", ${id}::uuid
    from jsonb_to_recordset(${JSON.stringify(page.repositories)}::jsonb) as row (
      id text, "fullName" text, url text, private boolean, archived boolean, fork boolean, "defaultBranch" text,
      "pushedAt" timestamptz)
    on conflict (organization_id, connection_id, repository_id) do update set
      full_name = excluded.full_name, url = excluded.url, private = excluded.private, archived = excluded.archived,
      fork = excluded.fork, default_branch = excluded.default_branch, pushed_at = excluded.pushed_at,
      run = excluded.run, asked_at = null`.execute(tx)
  if (page.etag === null) return
  const known = { etag: page.etag, next: page.next, repository_ids: page.repositories.map((each) => each.id) }
  await tx
    .insertInto('repository_page')
    .values({ organization_id: organizationId, connection_id: connectionId, page: number, ...known })
    .onConflict((conflict) => conflict.columns(['organization_id', 'connection_id', 'page']).doUpdateSet(known))
    .execute()
}

/** Whether something that earlier readings saw was not seen in this one. */
export async function hasUnseen(db: Kysely<Tables>, { id, key }: Run): Promise<boolean> {
  const unseen = await db
    .selectFrom('repository')
    .select('repository_id')
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('run', '!=', id)
    .where('asked_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return unseen !== undefined
}

/** Takes out of the index what was listed before and this reading, which was whole, did not see. */
export async function dropUnseen(db: Kysely<Tables>, { id, key }: Run): Promise<void> {
  await db
    .deleteFrom('repository')
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('run', '!=', id)
    .where('asked_at', 'is', null)
    .execute()
}

/** Ends a whole reading. */
export async function finishRun(
  { db, clock }: Pick<Shell, 'db' | 'clock'>,
  { id, key }: Run,
  seen: { credentialVersion: number; incomplete: string | null },
): Promise<void> {
  await db
    .updateTable('repository_index')
    .set((eb) => ({
      ...{ run: null, run_until: null, as_of: clock(), credential_version: seen.credentialVersion },
      ...{ incomplete: seen.incomplete, trouble: null, pages_in_all: eb.ref('pages'), asked_at: null },
      repositories: eb
        .selectFrom('repository')
        .select((count) => count.fn.countAll<number>().as('count'))
        .where('organization_id', '=', key.organizationId)
        .where('connection_id', '=', key.connectionId),
    }))
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('run', '=', id)
    .execute()
}

/** Ends a reading that could not be finished, and keeps why. */
export async function breakOff(db: Kysely<Tables>, { id, key }: Run, trouble: string): Promise<void> {
  await db
    .updateTable('repository_index')
    .set({ run: null, run_until: null, trouble })
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('run', '=', id)
    .execute()
}

/** Forgets all that was listed for a connection. */
export async function forgetIndex(db: Kysely<Tables>, { organizationId, connectionId }: ConnectionKey): Promise<void> {
  for (const table of ['repository', 'repository_page', 'repository_index', 'branch', 'branch_list'] as const) {
    await db
      .deleteFrom(table)
      .where('organization_id', '=', organizationId)
      .where('connection_id', '=', connectionId)
      .execute()
  }
}
