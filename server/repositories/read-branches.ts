import { DomainError, type LinkedConnection } from '@git-connections/events'
import { sql } from 'kysely'
import { readLinked } from '../commands/connection.ts'
import type { Cause } from '../commands/execute.ts'
import type { ListedBranch } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'

/** A list that is older is read again before it is shown. */
const STALE_MS = 60_000
const LISTING_MS = 60_000
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
  const { repositoryId, ...of } = key
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
    .where('repository.repository_id', '=', repositoryId)
    .executeTakeFirst()
  if (!repository) {
    throw new DomainError('RepositoryMissing', 'This connection does not reach that repository, as far as is known.')
  }
  const { fullName, asOf } = repository
  if (asOf !== null && asOf.getTime() > shell.clock().getTime() - STALE_MS) return
  const use = { ...of, by, purpose: 'list', needMs: LISTING_MS } as const
  const branches = await shell.credentials.useToken(use, ({ token }) =>
    askForAll(shell, token, { linked, repositoryId, fullName }),
  )
  await keep(shell, key, branches)
}

async function askForAll(
  shell: Reading,
  token: string,
  { linked, repositoryId, fullName }: { linked: LinkedConnection; repositoryId: string; fullName: string },
): Promise<ListedBranch[]> {
  const { baseUrl, certificateAuthority, provider } = linked
  const pages = shell.reach(certificateAuthority).providers[provider].listBranches(token, {
    ...{ baseUrl, repositoryId, fullName },
  })
  const branches: ListedBranch[] = []
  for await (const page of pages) {
    if (page.is === 'stopped') {
      throw new DomainError(page.unauthorized ? 'CredentialRefused' : 'CredentialUnchecked', page.message)
    }
    branches.push(...page.branches)
    if (branches.length >= MOST_BRANCHES) break
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
