import { sql } from 'kysely'
import { z } from 'zod'
import type { Shell } from '../shell.ts'
import { likeWord } from './like-word.ts'
import type { RepositoryKey } from './read-branches.ts'

export const branchList = z.object({
  branches: z.array(
    z.object({
      name: z.string(),
      commit: z.string(),
      committedAt: z.iso.datetime().nullable(),
      default: z.boolean(),
    }),
  ),
  nextCursor: z.string().nullable(),
  asOf: z.iso.datetime().nullable(),
})

/** Branches as they were read last: the default one first, then those with the most recent commit. */
export async function browseBranches(
  { db }: Pick<Shell, 'db'>,
  key: RepositoryKey,
  { search, cursor, limit }: { search: string; cursor: number; limit: number },
): Promise<z.infer<typeof branchList>> {
  const isDefault = sql<boolean>`branch.name = coalesce(repository.default_branch, '')`
  let query = db
    .selectFrom('branch')
    .innerJoin('repository', (join) =>
      join
        .onRef('repository.organization_id', '=', 'branch.organization_id')
        .onRef('repository.connection_id', '=', 'branch.connection_id')
        .onRef('repository.repository_id', '=', 'branch.repository_id'),
    )
    .select(['branch.name', 'branch.commit', 'branch.committed_at', isDefault.as('default')])
    .where('branch.organization_id', '=', key.organizationId)
    .where('branch.connection_id', '=', key.connectionId)
    .where('branch.repository_id', '=', key.repositoryId)
    .orderBy(isDefault, 'desc')
    .orderBy('branch.committed_at', (by) => by.desc().nullsLast())
    .orderBy('branch.name')
    .offset(cursor)
    .limit(limit + 1)
  for (const word of search.toLowerCase().split(/\s+/).filter(Boolean)) {
    query = query.where(sql<string>`lower(branch.name)`, 'like', likeWord(word))
  }
  const [rows, list] = await Promise.all([
    query.execute(),
    db
      .selectFrom('branch_list')
      .select('as_of')
      .where('organization_id', '=', key.organizationId)
      .where('connection_id', '=', key.connectionId)
      .where('repository_id', '=', key.repositoryId)
      .executeTakeFirst(),
  ])
  return {
    branches: rows.slice(0, limit).map(({ committed_at, ...rest }) => ({
      ...{ ...rest, committedAt: committed_at?.toISOString() ?? null },
    })),
    nextCursor: rows.length > limit ? String(cursor + limit) : null,
    asOf: list?.as_of.toISOString() ?? null,
  }
}
