import {
  clonedRepository,
  deploymentKind,
  deploymentStep,
  type EnvironmentEvent,
  type Logged,
  pinnedCommit,
} from '@git-connections/events'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { type Projection, timestamp } from './projection.ts'

const row = z.object({
  organization_id: z.string(),
  deployment_id: z.string(),
  environment_id: z.string(),
  number: z.number(),
  kind: deploymentKind,
  /** The deployment that is done again or gone back to. */
  of_id: z.string().nullable(),
  commits: z.array(pinnedCommit),
  status: z.enum(['queued', 'running', 'cancelling', 'succeeded', 'failed', 'cancelled']),
  /** What was taken, and by which credential. */
  repositories: z.array(clonedRepository),
  /** How many modules were installed and updated, or planned to be. */
  modules: z.object({ by: z.enum(['odoo', 'plan']), installed: z.number(), updated: z.number() }).nullable(),
  message: z.string().nullable(),
  warnings: z.number(),
  failure: z.object({ step: deploymentStep, reason: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  requested_by_id: z.string(),
  requested_by_name: z.string(),
  requested_at: timestamp,
  started_at: timestamp.nullable(),
  ended_at: timestamp.nullable(),
  /** Place of the last event about it in the organization's log. */
  position: z.number(),
})
export type DeploymentRow = z.infer<typeof row>

/** What was deployed, when, by whom and from which commits: one row for each deployment. */
export const deployment: Projection<DeploymentRow, EnvironmentEvent, Logged<EnvironmentEvent>> = {
  name: 'deployment',
  version: 1,
  streamType: 'environment',
  key: 'deployment_id',
  keyOf: (event) => ('deploymentId' in event.data ? event.data.deploymentId : event.streamId),
  row,

  evolve(before, event) {
    const at = event.recordedAt.toISOString()
    if (event.type === 'DeploymentRequested') {
      const { deploymentId, number, kind, of, commits } = event.data
      return {
        ...{ organization_id: event.organizationId, deployment_id: deploymentId, environment_id: event.streamId },
        ...{ number, kind, of_id: of, commits, status: 'queued', repositories: [], modules: null },
        ...{ message: null, warnings: 0, failure: null },
        ...{ requested_by_id: event.actor.id, requested_by_name: event.actor.name, requested_at: at },
        ...{ started_at: null, ended_at: null, position: event.position },
      }
    }
    if (!before) return undefined
    const next = { ...before, position: event.position }
    switch (event.type) {
      case 'DeploymentStarted':
        return { ...next, status: 'running', started_at: at }
      case 'CancellationRequested':
        return { ...next, status: 'cancelling' }
      case 'RepositoryCloned': {
        const { deploymentId, ...taken } = event.data
        const others = before.repositories.filter(
          (one) => one.connectionId !== taken.connectionId || one.repositoryId !== taken.repositoryId,
        )
        return { ...next, repositories: [...others, taken] }
      }
      case 'ModulesInstalled':
      case 'InstallPlanned': {
        const by = event.type === 'ModulesInstalled' ? ('odoo' as const) : ('plan' as const)
        return { ...next, modules: { by, installed: event.data.install.length, updated: event.data.update.length } }
      }
      case 'DeploymentSucceeded': {
        const { message, warnings } = event.data
        return { ...next, status: 'succeeded', message, warnings, ended_at: at }
      }
      case 'DeploymentFailed': {
        const { step, reason, message, remedy } = event.data
        return { ...next, status: 'failed', message, failure: { step, reason, message, remedy }, ended_at: at }
      }
      case 'DeploymentCancelled':
        return { ...next, status: 'cancelled', ended_at: at }
      case 'EnvironmentCreated':
      case 'EnvironmentRenamed':
      case 'BranchSelected':
      case 'OdooVersionSelected':
      case 'ModulesSelected':
      case 'EnvironmentStopped':
      case 'EnvironmentResumed':
      case 'EnvironmentDeleted':
        return before
    }
  },

  async createTable(db: Kysely<never>, schema: string) {
    const table = sql.table(`${schema}.deployment`)
    await sql`
      create table ${table} (
        organization_id uuid not null, deployment_id uuid not null, environment_id uuid not null, number int not null,
        kind text not null, of_id uuid, commits jsonb not null, status text not null, repositories jsonb not null,
        modules jsonb, message text, warnings int not null, failure jsonb,
        requested_by_id text not null, requested_by_name text not null, requested_at timestamptz(3) not null,
        started_at timestamptz(3), ended_at timestamptz(3), position bigint not null,
        primary key (organization_id, deployment_id)
      )`.execute(db)
    await sql`create index on ${table} (organization_id, environment_id, number desc)`.execute(db)
    await sql`create index on ${table} (organization_id, requested_at desc)`.execute(db)
  },
}
