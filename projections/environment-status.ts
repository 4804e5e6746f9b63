import {
  deploymentKind,
  type Environment,
  type EnvironmentEvent,
  environment,
  environmentKind,
  moduleSelection,
  pinnedCommit,
} from '@git-connections/events'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { type Projection, timestamp } from './projection.ts'

const person = { byId: z.string(), byName: z.string() }

const row = z.object({
  organization_id: z.string(),
  environment_id: z.string(),
  version: z.number(),
  project_id: z.string(),
  name: z.string(),
  kind: environmentKind,
  branch: z.string().nullable(),
  odoo_version: z.string(),
  modules: moduleSelection,
  database: z.string(),
  stopped_at: timestamp.nullable(),
  deployments: z.number(),
  /** The deployment that waits or runs. */
  open: z
    .object({
      ...{ id: z.string(), number: z.number(), kind: deploymentKind, is: z.enum(['queued', 'running', 'cancelling']) },
      ...{ ...person, at: timestamp, commits: z.array(pinnedCommit), cloned: z.array(pinnedCommit) },
    })
    .nullable(),
  /** The last one that is over. */
  last: z
    .object({
      ...{ id: z.string(), number: z.number(), kind: deploymentKind },
      ...{ is: z.enum(['succeeded', 'failed', 'cancelled']), message: z.string() },
      ...{ ...person, at: timestamp },
    })
    .nullable(),
  last_good: z.object({ id: z.string(), at: timestamp, commits: z.array(pinnedCommit) }).nullable(),
  created_by_id: z.string(),
  created_by_name: z.string(),
  created_at: timestamp,
  deleted_at: timestamp.nullable(),
  deleted_by_name: z.string().nullable(),
})
export type EnvironmentStatusRow = z.infer<typeof row>

/** What a project's environments show: one row for each; a deleted one keeps its row, for the audit to name it by. */
export const environmentStatus: Projection<EnvironmentStatusRow, EnvironmentEvent> = {
  name: 'environment_status',
  version: 1,
  streamType: 'environment',
  key: 'environment_id',
  keyOf: (event) => event.streamId,
  row,

  evolve(before, event) {
    const at = event.recordedAt.toISOString()
    const by = { byId: event.actor.id, byName: event.actor.name }
    if (event.type === 'EnvironmentCreated') {
      const { projectId, odooVersion, ...data } = event.data
      return {
        ...{ organization_id: event.organizationId, environment_id: event.streamId, version: event.version },
        ...{ project_id: projectId, ...data, odoo_version: odooVersion, stopped_at: null },
        ...{ deployments: 0, open: null, last: null, last_good: null },
        ...{ created_by_id: event.actor.id, created_by_name: event.actor.name, created_at: at },
        ...{ deleted_at: null, deleted_by_name: null },
      }
    }
    if (!before) return undefined
    const state = environment.evolve(stateOf(before), event)
    const next = { ...before, version: event.version }
    if (state.is !== 'active') return { ...next, open: null, deleted_at: at, deleted_by_name: event.actor.name }
    const { name, branch, odooVersion, modules, deployments, deployment, lastGood } = state
    const asked = event.type === 'DeploymentRequested' || !before.open ? { ...by, at } : before.open
    return {
      ...{ ...next, name, branch, odoo_version: odooVersion, modules, deployments },
      stopped_at: state.stopped ? (before.stopped_at ?? at) : null,
      open: deployment && { ...deployment, byId: asked.byId, byName: asked.byName, at: asked.at },
      last: endOf(before, event, at) ?? before.last,
      last_good: lastGood && { ...lastGood, at: lastGood.id === before.last_good?.id ? before.last_good.at : at },
    }
  },

  async createTable(db: Kysely<never>, schema: string) {
    const table = sql.table(`${schema}.environment_status`)
    await sql`
      create table ${table} (
        organization_id uuid not null, environment_id uuid not null, version int not null, project_id uuid not null,
        name text not null, kind text not null, branch text, odoo_version text not null, modules jsonb not null,
        database text not null, stopped_at timestamptz(3), deployments int not null,
        open jsonb, last jsonb, last_good jsonb,
        created_by_id text not null, created_by_name text not null, created_at timestamptz(3) not null,
        deleted_at timestamptz(3), deleted_by_name text,
        primary key (organization_id, environment_id)
      )`.execute(db)
    await sql`create index on ${table} (organization_id, project_id)`.execute(db)
  },
}

function stateOf(row: EnvironmentStatusRow): Environment {
  if (row.deleted_at) return { is: 'deleted' }
  const { project_id: projectId, name, kind, branch, odoo_version: odooVersion, modules, database, deployments } = row
  return {
    ...{ is: 'active', projectId, name, kind, branch, odooVersion, modules, database, deployments },
    ...{ stopped: row.stopped_at !== null, deployment: row.open },
    lastGood: row.last_good && { id: row.last_good.id, commits: row.last_good.commits },
  }
}

/** How the open deployment ended, where it did. */
function endOf({ open }: EnvironmentStatusRow, event: EnvironmentEvent, at: string): EnvironmentStatusRow['last'] {
  if (!open || !('deploymentId' in event.data) || event.data.deploymentId !== open.id) return null
  const { id, number, kind, byId, byName } = open
  const of = { id, number, kind, byId, byName, at }
  switch (event.type) {
    case 'DeploymentSucceeded':
      return { ...of, is: 'succeeded', message: event.data.message }
    case 'DeploymentFailed':
      return { ...of, is: 'failed', message: event.data.message }
    case 'DeploymentCancelled':
      return { ...of, is: 'cancelled', message: 'It was cancelled.' }
    default:
      return null
  }
}
