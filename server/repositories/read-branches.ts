import { DomainError, type LinkedConnection } from '@git-connections/events'
import { sql } from 'kysely'
import type { Cause } from '../commands/cause.ts'
import { readLinked } from '../commands/connection.ts'
import type { BranchPage, ListedBranch } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'

/** A list that is older is read again before it is shown. */
const STALE_MS = 60_000
/** A page and the deadline of its call. */
const PAGE_MS = 60_000
/** More than any repository has; an instance that never ends its list must not fill ours. */
const MOST_BRANCHES = 20_000

type Reading = Pick<Shell, 'store' | 'db' | 'clock' | 'reach' | 'credentials'>

/** A repository as a connection reaches it. */
export interface RepositoryKey {
  readonly organizationId: string
  readonly connectionId: string
  readonly repositoryId: string
}

/**
 * Sees to it that the branches of a repository are known as they are now, or were less than a minute ago.
 * @throws {DomainError} ConnectionMissing; RepositoryMissing when the connection does not reach it; CredentialRefused or
 * CredentialUnchecked with the reason when the provider gives no list.
 */
export async function readBranches(shell: Reading, key: RepositoryKey, by: Cause): Promise<void> {
  const linked = await readLinked(shell, key.connectionId, by)
  const repository = await shell.db
    .selectFrom('repository')
    .leftJoin('branch_list as list', (join) =>
      join
        .onRef('list.organization_id', '=', 'repository.organization_id')
        .onRef('list.connection_id', '=', 'repository.connection_id')
        .onRef('list.repository_id', '=', 'repository.repository_id'),
    )
    .select(['repository.full_name as fullName', 'list.as_of as asOf'])
    .where('repository.organization_id', '=', key.organizationId)
    .where('repository.connection_id', '=', key.connectionId)
    .where('repository.repository_id', '=', key.repositoryId)
    .executeTakeFirst()
  if (!repository) {
    throw new DomainError('RepositoryMissing', 'This connection does not reach that repository, as far as is known.')
  }
  const { fullName, asOf } = repository
  if (asOf !== null && asOf.getTime() > shell.clock().getTime() - STALE_MS) return
  await keep(shell, key, await askForAll(shell, { linked, key, fullName, by }))
}

/** Each page is a use of its own, so that the token may be refreshed between two. */
async function askForAll(
  shell: Reading,
  { linked, key, fullName, by }: { linked: LinkedConnection; key: RepositoryKey; fullName: string; by: Cause },
): Promise<ListedBranch[]> {
  const { baseUrl, certificateAuthority, provider } = linked
  const { listBranches } = shell.reach(certificateAuthority).providers[provider]
  const { organizationId, connectionId, repositoryId } = key
  const refused = (page: BranchPage) => page.is === 'stopped' && page.unauthorized
  const use = { organizationId, connectionId, by, purpose: 'list', needMs: PAGE_MS, refused } as const
  const askFor = (place: string | null) =>
    shell.credentials.useToken(use, ({ token }) => listBranches(token, { baseUrl, repositoryId, fullName, place }))
  const branches: ListedBranch[] = []
  for (let place: string | null = null; branches.length < MOST_BRANCHES; ) {
    const page = await askFor(place)
    if (page.is === 'stopped') {
      throw new DomainError(page.unauthorized ? 'CredentialRefused' : 'CredentialUnchecked', page.message)
    }
    branches.push(...page.branches)
    place = page.next
    if (place === null) break
  }
  return branches
}

async function keep({ db, clock }: Reading, key: RepositoryKey, branches: readonly ListedBranch[]): Promise<void> {
  const { organizationId, connectionId, repositoryId } = key
  await db.transaction().execute(async (tx) => {
    // Two readers at once would each put what the other has.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${connectionId}/${repositoryId}`}, 0))`.execute(tx)
    await tx
      .deleteFrom('branch')
      .where('organization_id', '=', organizationId)
      .where('connection_id', '=', connectionId)
      .where('repository_id', '=', repositoryId)
      .execute()
    await sql`
      insert into branch (organization_id, connection_id, repository_id, name, commit, committed_at)
      select distinct on (row.name) ${organizationId}::uuid, ${connectionId}::uuid, ${repositoryId}, row.name, row.commit,
        row."committedAt"
      from jsonb_to_recordset(${JSON.stringify(branches)}::jsonb) as row (
        name text, commit text, "committedAt" timestamptz)`.execute(tx)
    await tx
      .insertInto('branch_list')
      .values({
        ...{ organization_id: organizationId, connection_id: connectionId, repository_id: repositoryId },
        as_of: clock(),
      })
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'connection_id', 'repository_id']).doUpdateSet({ as_of: clock() }),
      )
      .execute()
  })
}
