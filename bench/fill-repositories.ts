import { randomUUID } from 'node:crypto'
import type { EventStore } from '@git-connections/events/store'
import { append } from '@git-connections/events/store/append'
import type pg from 'pg'
import { created, validated } from '../events/connection/examples.ts'
import { startStream } from './history.ts'

/** How many repositories each connection reaches. */
export const EACH = 10_000
const BRANCHES = 2_000
const OWNERS = ['acme', 'acme-labs', 'globex', 'initech', 'oca', 'partner-addons', 'umbrella', 'wayne-erp']
const WORDS =
  'account sale stock purchase web website portal report mail crm project hr fleet pos product partner delivery invoice payment bank tax calendar survey theme l10n timesheet helpdesk subscription barcode quality rental planning'.split(
    ' ',
  )

/** An organization that reaches very much. */
export interface Reached {
  readonly organizationId: string
  readonly connectionIds: readonly string[]
  /** The repository that has many branches, of the first connection. */
  readonly repositoryId: string
}

/** Makes connections that work, each with its list in the index as if it was read just now. */
export async function fillRepositories(
  { store, pool }: { store: EventStore; pool: pg.Pool },
  connections: number,
): Promise<Reached> {
  const organizationId = randomUUID()
  const connectionIds: string[] = []
  for (let n = 0; n < connections; n++) {
    const stream = startStream(organizationId)
    await append(store, stream.next([created, validated('active')]))
    connectionIds.push(stream.streamId)
  }
  for (const connectionId of connectionIds) await fillOne(pool, { organizationId, connectionId })
  const repositoryId = '5000'
  await pool.query(
    `insert into branch (organization_id, connection_id, repository_id, name, commit, committed_at)
     select $1, $2, $3, format('%s/%s-%s', (array['feature', 'fix', 'release', '17.0', '18.0'])[1 + n % 5],
         ($4::text[])[1 + n % cardinality($4::text[])], n),
       md5(n::text), now() - n * interval '1 hour' from generate_series(1, ${BRANCHES}) as n`,
    [organizationId, connectionIds[0], repositoryId, WORDS],
  )
  await pool.query(`insert into branch_list values ($1, $2, $3, now())`, [
    ...[organizationId, connectionIds[0], repositoryId],
  ])
  for (const table of ['repository', 'repository_index', 'branch', 'branch_list']) {
    await pool.query(`vacuum analyze ${table}`)
  }
  return { organizationId, connectionIds, repositoryId }
}

/** Names differ in owner, words and number, times in whatever order; some were never active. */
async function fillOne(pool: pg.Pool, key: { organizationId: string; connectionId: string }): Promise<void> {
  await pool.query(
    `insert into repository (
       organization_id, connection_id, repository_id, full_name, url, private, archived, fork, default_branch,
       pushed_at, run)
     select $1, $2, n::text, name, 'https://github.com/' || name, n % 9 > 0, n % 17 = 0, n % 13 = 0, 'main',
       case when n % 50 > 0 then now() - (hashtext(name) & 2147483647) % 94608000 * interval '1 second' end, $1
     from generate_series(1, ${EACH}) as n, lateral (
       select format('%s/%s_%s-%s', ($3::text[])[1 + n % cardinality($3::text[])],
         ($4::text[])[1 + (hashtext(n::text) & 65535) % cardinality($4::text[])],
         ($4::text[])[1 + (hashtext('and ' || n) & 65535) % cardinality($4::text[])], n) as name) as named`,
    [key.organizationId, key.connectionId, OWNERS, WORDS],
  )
  await pool.query(
    `insert into repository_index (organization_id, connection_id, pages, pages_in_all, repositories, as_of)
     values ($1, $2, ${EACH / 100}, ${EACH / 100}, ${EACH}, now())`,
    [key.organizationId, key.connectionId],
  )
}
