import { DomainError } from '@git-connections/events'
import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Shell } from '../shell.ts'
import { lostWords } from './lost-access.ts'
import type { ProjectView, UsedRepositoryView } from './project-view.ts'

type Row = Selectable<Tables['project_status']>
type Used = NonNullable<Row['repository']>

/** What is known beside the projects themselves. */
interface Beside {
  readonly connections: ReadonlyMap<string, UsedRepositoryView['connection']>
  /** Names of repositories by connection and id: a rename is followed. */
  readonly names: ReadonlyMap<string, string>
}

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
  const beside = await readBeside(shell, organizationId, rows)
  return rows.map((row) => toView(row, beside))
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
  return toView(row, await readBeside(shell, organizationId, [row]))
}

async function readBeside(shell: Pick<Shell, 'db'>, organizationId: string, projects: readonly Row[]): Promise<Beside> {
  const [connections, names] = await Promise.all([
    readConnections(shell, organizationId, projects),
    readNames(shell, organizationId, projects),
  ])
  return { connections, names }
}

/** What the repositories of these projects are called now, as far as they are listed. */
async function readNames(
  { db }: Pick<Shell, 'db'>,
  organizationId: string,
  projects: readonly Row[],
): Promise<Beside['names']> {
  const used = projects.flatMap(({ repository, addons }) => [...(repository ? [repository] : []), ...addons])
  if (used.length === 0) return new Map()
  const rows = await db
    .selectFrom('repository')
    .select(['connection_id', 'repository_id', 'full_name'])
    .where('organization_id', '=', organizationId)
    .where('connection_id', 'in', [...new Set(used.map(({ connectionId }) => connectionId))])
    .where('repository_id', 'in', [...new Set(used.map(({ repositoryId }) => repositoryId))])
    .execute()
  return new Map(rows.map((row) => [keyOf(row.connection_id, row.repository_id), row.full_name]))
}

function keyOf(connectionId: string, repositoryId: string): string {
  return `${connectionId} ${repositoryId}`
}

/** The connections of these projects, deleted ones too. */
async function readConnections(
  shell: Pick<Shell, 'db'>,
  organizationId: string,
  projects: readonly Row[],
): Promise<Beside['connections']> {
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

function toView(row: Row, beside: Beside): ProjectView {
  const { repository } = row
  if (!repository) throw new Error(`Project ${row.project_id} has no repository`)
  return {
    ...{ id: row.project_id, name: row.name, version: row.version },
    repository: toUsed(repository, beside),
    addons: row.addons.map((addon) => toUsed(addon, beside)),
    createdBy: { id: row.created_by_id, name: row.created_by_name },
    createdAt: row.created_at.toISOString(),
  }
}

function toUsed(used: Used, { connections, names }: Beside): UsedRepositoryView {
  const { connectionId, repositoryId, branch, accessLost, lostSince } = used
  const fullName = names.get(keyOf(connectionId, repositoryId)) ?? used.fullName
  const connection = connections.get(connectionId)
  if (!connection) throw new Error(`A project uses connection ${connectionId}, which is nowhere`)
  return {
    ...{ connectionId, repositoryId, fullName, branch, connection },
    accessLost:
      accessLost && lostSince
        ? { reason: accessLost.reason, message: lostWords(accessLost.reason), since: lostSince }
        : null,
  }
}
