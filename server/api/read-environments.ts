import { DomainError } from '@git-connections/events'
import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Shell } from '../shell.ts'
import type { EnvironmentView } from './environment-view.ts'

type Row = Selectable<Tables['environment_status']> & { project_name: string }
type Db = Pick<Shell, 'db'>

const rowsOf = ({ db }: Db, organizationId: string) =>
  db
    .selectFrom('environment_status')
    .innerJoin('project_status', (join) =>
      join
        .onRef('project_status.organization_id', '=', 'environment_status.organization_id')
        .onRef('project_status.project_id', '=', 'environment_status.project_id'),
    )
    .selectAll('environment_status')
    .select('project_status.name as project_name')
    .where('environment_status.organization_id', '=', organizationId)
    .where('environment_status.deleted_at', 'is', null)

/** The environments of the organization, or of one project, that are not deleted, by project and name. */
export async function listEnvironments(
  shell: Db,
  organizationId: string,
  projectId: string | undefined,
): Promise<EnvironmentView[]> {
  let rows = rowsOf(shell, organizationId)
  if (projectId) rows = rows.where('environment_status.project_id', '=', projectId)
  const found = await rows
    .orderBy('project_status.name')
    .orderBy('environment_status.name')
    .orderBy('environment_status.environment_id')
    .execute()
  return found.map(toView)
}

/** @throws {DomainError} EnvironmentMissing, the same for a deleted one, another organization's, and none at all. */
export async function viewEnvironment(
  shell: Db,
  organizationId: string,
  environmentId: string,
): Promise<EnvironmentView> {
  const row = await rowsOf(shell, organizationId)
    .where('environment_status.environment_id', '=', environmentId)
    .executeTakeFirst()
  if (!row) throw new DomainError('EnvironmentMissing', 'There is no such environment.')
  return toView(row)
}

function toView(row: Row): EnvironmentView {
  const { open, last, last_good: lastGood } = row
  return {
    ...{ id: row.environment_id, project: { id: row.project_id, name: row.project_name }, name: row.name },
    ...{ kind: row.kind, branch: row.branch, odooVersion: row.odoo_version, modules: row.modules },
    ...{ database: row.database, stoppedAt: row.stopped_at?.toISOString() ?? null },
    running: open && {
      ...{ id: open.id, number: open.number, kind: open.kind, by: { id: open.byId, name: open.byName }, at: open.at },
      ...{ status: open.is === 'queued' ? 'queued' : 'running', cancelling: open.is === 'cancelling' },
    },
    last: last && {
      ...{ id: last.id, number: last.number, kind: last.kind, by: { id: last.byId, name: last.byName }, at: last.at },
      ...{ status: last.is, message: last.message },
    },
    lastGood,
    createdBy: { id: row.created_by_id, name: row.created_by_name },
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}
