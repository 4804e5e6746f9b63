import { DomainError } from '@git-connections/events'
import { type Selectable, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { waitingSteps } from '../deployments/steps.ts'
import type { Shell } from '../shell.ts'
import type { DeploymentSummary, DeploymentView } from './deployment-view.ts'

type Row = Selectable<Tables['deployment']> & {
  environment_name: string
  project_id: string
  project_name: string
}
type World = Pick<Shell, 'db' | 'runner'>

const rowsOf = ({ db }: World, organizationId: string) =>
  db
    .selectFrom('deployment')
    .innerJoin('environment_status', (join) =>
      join
        .onRef('environment_status.organization_id', '=', 'deployment.organization_id')
        .onRef('environment_status.environment_id', '=', 'deployment.environment_id'),
    )
    .innerJoin('project_status', (join) =>
      join
        .onRef('project_status.organization_id', '=', 'environment_status.organization_id')
        .onRef('project_status.project_id', '=', 'environment_status.project_id'),
    )
    .selectAll('deployment')
    .select([
      'environment_status.name as environment_name',
      'project_status.project_id as project_id',
      'project_status.name as project_name',
    ])
    .where('deployment.organization_id', '=', organizationId)

/** Deployments of the organization, the latest first, as many as `limit` from a place on. */
export async function listDeployments(
  shell: World,
  organizationId: string,
  asked: {
    environmentId?: string | undefined
    projectId?: string | undefined
    status?: DeploymentSummary['status'] | undefined
    cursor: string | null
    limit: number
  },
): Promise<{ deployments: DeploymentSummary[]; nextCursor: string | null }> {
  await shell.runner.caughtUp('deployment', organizationId)
  let rows = rowsOf(shell, organizationId)
  if (asked.environmentId) rows = rows.where('deployment.environment_id', '=', asked.environmentId)
  if (asked.projectId) rows = rows.where('environment_status.project_id', '=', asked.projectId)
  if (asked.status) {
    // One that was asked to stop still runs.
    rows = rows.where(
      'deployment.status',
      'in',
      asked.status === 'running' ? ['running', 'cancelling'] : [asked.status],
    )
  }
  if (asked.cursor) {
    const before = await placeOf(shell, organizationId, asked.cursor)
    rows = rows.where((eb) =>
      eb(
        eb.refTuple('deployment.requested_at', 'deployment.deployment_id'),
        '<',
        eb.tuple(before.requested_at, before.deployment_id),
      ),
    )
  }
  const found = await rows
    .orderBy('deployment.requested_at', 'desc')
    .orderBy('deployment.deployment_id', 'desc')
    .limit(asked.limit + 1)
    .execute()
  const page = found.slice(0, asked.limit)
  const connections = await connectionNames(shell, organizationId, page)
  return {
    deployments: page.map((row) => toSummary(row, connections)),
    nextCursor: found.length > asked.limit ? (page.at(-1)?.deployment_id ?? null) : null,
  }
}

/** @throws {DomainError} DeploymentMissing, the same for another organization's and none at all. */
export async function viewDeployment(
  shell: World,
  organizationId: string,
  deploymentId: string,
): Promise<DeploymentView> {
  await shell.runner.caughtUp('deployment', organizationId)
  const row = await rowsOf(shell, organizationId)
    .where('deployment.deployment_id', '=', deploymentId)
    .executeTakeFirst()
  if (!row) throw missing()
  const run = await shell.db
    .selectFrom('deployment_run')
    .select(['steps', 'plan', 'lines'])
    .where('organization_id', '=', organizationId)
    .where('deployment_id', '=', deploymentId)
    .executeTakeFirst()
  const namesOf = (what: 'install' | 'update') =>
    (run?.plan?.modules ?? []).filter((module) => module.what === what).map(({ name }) => name)
  return {
    ...toSummary(row, await connectionNames(shell, organizationId, [row])),
    steps: run?.steps ?? waitingSteps(),
    plan: run?.plan ? { ...run.plan, install: namesOf('install'), update: namesOf('update') } : null,
    lines: run?.lines ?? 0,
  }
}

/**
 * Which environment a deployment is of.
 * @throws {DomainError} DeploymentMissing
 */
export async function environmentOf(shell: World, organizationId: string, deploymentId: string): Promise<string> {
  await shell.runner.caughtUp('deployment', organizationId)
  const row = await shell.db
    .selectFrom('deployment')
    .select('environment_id')
    .where('organization_id', '=', organizationId)
    .where('deployment_id', '=', deploymentId)
    .executeTakeFirst()
  if (!row) throw missing()
  return row.environment_id
}

/** Lines of a deployment's log after one of them, all or those that hold a text, whatever their case. */
export async function readLines(
  shell: World,
  organizationId: string,
  asked: { deploymentId: string; after: number; limit: number; search: string | undefined; step: string | undefined },
) {
  let lines = shell.db
    .selectFrom('deployment_line')
    .select(['line', 'at', 'step', 'level', 'text'])
    .where('organization_id', '=', organizationId)
    .where('deployment_id', '=', asked.deploymentId)
    .where('line', '>', asked.after)
  if (asked.step) lines = lines.where('step', '=', asked.step)
  if (asked.search) {
    lines = lines.where(sql<boolean>`position(lower(${asked.search}) in lower(deployment_line.text)) > 0`)
  }
  return lines.orderBy('line').limit(asked.limit).execute()
}

async function placeOf({ db }: World, organizationId: string, deploymentId: string) {
  const row = await db
    .selectFrom('deployment')
    .select(['requested_at', 'deployment_id'])
    .where('organization_id', '=', organizationId)
    .where('deployment_id', '=', deploymentId)
    .executeTakeFirst()
  if (!row) throw missing()
  return row
}

/** What the connections are called now, deleted ones too. */
async function connectionNames(
  { db }: World,
  organizationId: string,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(rows.flatMap(({ repositories }) => repositories.map(({ connectionId }) => connectionId)))]
  if (ids.length === 0) return new Map()
  const named = await db
    .selectFrom('connection_status')
    .select(['connection_id', 'name'])
    .where('organization_id', '=', organizationId)
    .where('connection_id', 'in', ids)
    .execute()
  return new Map(named.map(({ connection_id, name }) => [connection_id, name]))
}

function toSummary(row: Row, connections: ReadonlyMap<string, string>): DeploymentSummary {
  return {
    id: row.deployment_id,
    environment: { id: row.environment_id, name: row.environment_name },
    project: { id: row.project_id, name: row.project_name },
    ...{ number: row.number, kind: row.kind, of: row.of_id },
    status: row.status === 'cancelling' ? 'running' : row.status,
    cancelling: row.status === 'cancelling',
    ...{ message: row.message, warnings: row.warnings, failure: row.failure, modules: row.modules },
    commits: row.repositories.map((taken) => ({
      ...taken,
      connectionName: connections.get(taken.connectionId) ?? 'a connection that is gone',
    })),
    requestedBy: { id: row.requested_by_id, name: row.requested_by_name },
    requestedAt: row.requested_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  }
}

function missing(): DomainError {
  return new DomainError('DeploymentMissing', 'There is no such deployment.')
}
