import type { Shell } from '../shell.ts'

/** A repository that a connection reaches, as it was listed last; undefined when it is not among them. */
export function findRepository(
  { db }: Pick<Shell, 'db'>,
  repository: { organizationId: string; connectionId: string; repositoryId: string },
) {
  return db
    .selectFrom('repository')
    .select(['repository_id as repositoryId', 'full_name as fullName', 'default_branch as defaultBranch', 'archived'])
    .where('organization_id', '=', repository.organizationId)
    .where('connection_id', '=', repository.connectionId)
    .where('repository_id', '=', repository.repositoryId)
    .executeTakeFirst()
}
