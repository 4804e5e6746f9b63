import type { ConnectionStatusRow, EnvironmentStatusRow, ProjectStatusRow } from '@git-connections/projections'
import { asOf } from '@git-connections/projections/replay'
import { z } from 'zod'
import type { Shell } from '../shell.ts'

const named = z.object({ id: z.string(), name: z.string() })

const connectionThen = z.object({
  id: z.uuid(),
  ...{ name: z.string(), provider: z.string(), method: z.string(), baseUrl: z.string(), status: z.string() },
  enabled: z.boolean(),
  message: z.string(),
  account: z.object({ id: z.string(), login: z.string() }).nullable(),
  createdBy: named,
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
})

const repositoryThen = z.object({
  ...{ connectionId: z.uuid(), repositoryId: z.string(), fullName: z.string(), branch: z.string() },
  accessLost: z.object({ reason: z.string() }).nullable(),
})
const projectThen = z.object({
  ...{ id: z.uuid(), name: z.string(), createdBy: named, createdAt: z.string() },
  repository: repositoryThen.nullable(),
  addons: z.array(repositoryThen),
})

const environmentThen = z.object({
  ...{ id: z.uuid(), projectId: z.uuid(), name: z.string(), kind: z.string(), odooVersion: z.string() },
  ...{ createdBy: named, createdAt: z.string(), stopped: z.boolean() },
  /** The last deployment that had succeeded by then. */
  lastGood: z.object({ id: z.uuid(), at: z.string() }).nullable(),
})

/** The organization's connections, projects and environments as they were at an instant. */
export const organizationThen = z.object({
  ...{ at: z.string(), position: z.number() },
  ...{ connections: z.array(connectionThen), projects: z.array(projectThen) },
  environments: z.array(environmentThen),
})

/** Folds the log up to an instant. */
export async function readThen(
  { store }: Pick<Shell, 'store'>,
  organizationId: string,
  at: Date,
): Promise<z.infer<typeof organizationThen>> {
  const then = await asOf(store, organizationId, at)
  return {
    ...{ at: then.at.toISOString(), position: then.position },
    ...{ connections: then.connections.map(toThen), projects: then.projects.map(toProjectThen) },
    environments: then.environments.map(toEnvironmentThen),
  }
}

function toThen(row: ConnectionStatusRow): z.infer<typeof connectionThen> {
  return {
    id: row.connection_id,
    ...{ name: row.name, provider: row.provider, method: row.method, baseUrl: row.base_url, status: row.status },
    ...{ enabled: row.enabled, message: row.message, account: row.account },
    createdBy: { id: row.created_by_id, name: row.created_by_name },
    ...{ createdAt: row.created_at, expiresAt: row.expires_at },
  }
}

function toProjectThen(row: ProjectStatusRow): z.infer<typeof projectThen> {
  return {
    ...{ id: row.project_id, name: row.name, repository: row.repository, addons: row.addons },
    ...{ createdBy: { id: row.created_by_id, name: row.created_by_name }, createdAt: row.created_at },
  }
}

function toEnvironmentThen(row: EnvironmentStatusRow): z.infer<typeof environmentThen> {
  const { last_good: lastGood } = row
  return {
    ...{ id: row.environment_id, projectId: row.project_id, name: row.name, kind: row.kind },
    ...{ odooVersion: row.odoo_version, stopped: row.stopped_at !== null },
    ...{ createdBy: { id: row.created_by_id, name: row.created_by_name }, createdAt: row.created_at },
    lastGood: lastGood && { id: lastGood.id, at: lastGood.at },
  }
}
