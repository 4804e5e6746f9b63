import { sql } from 'kysely'
import type { ConnectionKey } from '../broker/lease.ts'
import type { Shell } from '../shell.ts'

/** A repository that a project uses through a connection. */
export interface Use {
  readonly projectId: string
  readonly projectName: string
  readonly repositoryId: string
  /** As it was called when it was chosen. */
  readonly fullName: string
  readonly branch: string
  /** Why the connection does not reach it; null while it does, as far as is known. */
  readonly lost: string | null
}

/** What the projects of an organization use through a connection, by the projects' names. */
export async function readUses({ db }: Pick<Shell, 'db'>, { organizationId, connectionId }: ConnectionKey) {
  const rows = await db
    .selectFrom('project_status')
    .select(['project_id', 'name', 'repository', 'addons'])
    .where('organization_id', '=', organizationId)
    .where('connection_ids', '@>', sql<string[]>`array[${connectionId}]::uuid[]`)
    .orderBy('name')
    .orderBy('project_id')
    .execute()
  return rows.flatMap(({ project_id: projectId, name: projectName, repository, addons }) =>
    [...(repository ? [repository] : []), ...addons]
      .filter((used) => used.connectionId === connectionId)
      .map(({ repositoryId, fullName, branch, accessLost }): Use => {
        return { projectId, projectName, repositoryId, fullName, branch, lost: accessLost?.reason ?? null }
      }),
  )
}
