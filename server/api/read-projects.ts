import { DomainError } from '@git-connections/events'
import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Shell } from '../shell.ts'
import type { ProjectView, UsedRepositoryView } from './project-view.ts'

type Row = Selectable<Tables['project_status']>
type Used = NonNullable<Row['repository']>
type Connections = ReadonlyMap<string, UsedRepositoryView['connection']>

/** Every project of the organization that is not deleted, by name. */
export async function listProjects(shell: Pick<Shell, 'db'>, organizationId: string): Promise<ProjectView[]> {
  const rows = await shell.db
    .selectFrom('project_status')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .orderBy('name')
    .orderBy('project_id')
    .execute()
  const connections = await readConnections(shell, organizationId, rows)
  return rows.map((row) => toView(row, connections))
}

/** @throws {DomainError} ProjectMissing, the same for a deleted one, another organization's, and none at all. */
export async function viewProject(
  shell: Pick<Shell, 'db'>,
  organizationId: string,
  projectId: string,
): Promise<ProjectView> {
  const row = await shell.db
    .selectFrom('project_status')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('project_id', '=', projectId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new DomainError('ProjectMissing', 'There is no such project.')
  return toView(row, await readConnections(shell, organizationId, [row]))
}

/** The connections of these projects, deleted ones too. */
async function readConnections(
  shell: Pick<Shell, 'db'>,
  organizationId: string,
  projects: readonly Row[],
): Promise<Connections> {
  const ids = [...new Set(projects.flatMap(({ connection_ids }) => connection_ids))]
  if (ids.length === 0) return new Map()
  const rows = await shell.db
    .selectFrom('connection_status')
    .select(['connection_id', 'name', 'provider', 'base_url', 'status', 'enabled', 'deleted_at'])
    .where('organization_id', '=', organizationId)
    .where('connection_id', 'in', ids)
    .execute()
  return new Map(
    rows.map(({ connection_id, name, provider, base_url, status, enabled, deleted_at }) => [
      connection_id,
      { name, provider, baseUrl: base_url, status, enabled, deleted: deleted_at !== null },
    ]),
  )
}

function toView(row: Row, connections: Connections): ProjectView {
  const { repository } = row
  if (!repository) throw new Error(`Project ${row.project_id} has no repository`)
  return {
    ...{ id: row.project_id, name: row.name, version: row.version },
    repository: toUsed(repository, connections),
    addons: row.addons.map((addon) => toUsed(addon, connections)),
    createdBy: { id: row.created_by_id, name: row.created_by_name },
    createdAt: row.created_at.toISOString(),
  }
}

function toUsed(used: Used, connections: Connections): UsedRepositoryView {
  const { connectionId, repositoryId, fullName, branch, accessLost, lostSince } = used
  const connection = connections.get(connectionId)
  if (!connection) throw new Error(`A project uses connection ${connectionId}, which is nowhere`)
  return {
    ...{ connectionId, repositoryId, fullName, branch, connection },
    accessLost: accessLost && lostSince ? { reason: accessLost.reason, since: lostSince } : null,
  }
}
