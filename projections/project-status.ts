import { type Project, type ProjectEvent, project, type UsedRepository, usedRepository } from '@git-connections/events'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { type Projection, timestamp } from './projection.ts'

/** A repository as the project uses it, with when its access was lost. */
const repository = usedRepository.extend({ lostSince: timestamp.nullable() })
type Repository = z.infer<typeof repository>

const row = z.object({
  organization_id: z.string(),
  project_id: z.string(),
  version: z.number(),
  name: z.string(),
  /** Null only between the first two events of a project, which are recorded together. */
  repository: repository.nullable(),
  /** The earlier one goes before the later one. */
  addons: z.array(repository),
  /** The connections that it depends on, each once; none once it is deleted. */
  connection_ids: z.array(z.string()),
  created_by_id: z.string(),
  created_by_name: z.string(),
  created_at: timestamp,
  deleted_at: timestamp.nullable(),
  deleted_by_name: z.string().nullable(),
})
export type ProjectStatusRow = z.infer<typeof row>

/** What the list of projects shows: one row for each; a deleted one keeps its row, for the audit to name it by. */
export const projectStatus: Projection<ProjectStatusRow, ProjectEvent> = {
  name: 'project_status',
  version: 1,
  streamType: 'project',
  key: 'project_id',
  keyOf: (event) => event.streamId,
  row,

  evolve(before, event) {
    const at = event.recordedAt.toISOString()
    if (event.type === 'ProjectCreated') {
      return {
        ...{ organization_id: event.organizationId, project_id: event.streamId, version: event.version },
        ...{ name: event.data.name, repository: null, addons: [], connection_ids: [] },
        ...{ created_by_id: event.actor.id, created_by_name: event.actor.name, created_at: at },
        ...{ deleted_at: null, deleted_by_name: null },
      }
    }
    if (!before) return undefined
    const next = { ...before, version: event.version }
    const state = project.evolve(stateOf(before), event)
    if (state.is !== 'active') {
      return { ...next, connection_ids: [], deleted_at: at, deleted_by_name: event.actor.name }
    }
    const known = [...(before.repository ? [before.repository] : []), ...before.addons]
    const main = state.repository && dated(state.repository, known, at)
    const addons = state.addons.map((addon) => dated(addon, known, at))
    return { ...next, name: state.name, repository: main, addons, connection_ids: connectionsOf(main, addons) }
  },

  async createTable(db: Kysely<never>, schema: string) {
    const table = sql.table(`${schema}.project_status`)
    await sql`
      create table ${table} (
        organization_id uuid not null, project_id uuid not null, version int not null, name text not null,
        repository jsonb, addons jsonb not null, connection_ids uuid[] not null,
        created_by_id text not null, created_by_name text not null, created_at timestamptz(3) not null,
        deleted_at timestamptz(3), deleted_by_name text,
        primary key (organization_id, project_id)
      )`.execute(db)
    // Finds what depends on a connection.
    await sql`create index on ${table} using gin (connection_ids)`.execute(db)
  },
}

function stateOf({ name, repository, addons, deleted_at }: ProjectStatusRow): Project {
  return deleted_at ? { is: 'deleted' } : { is: 'active', name, repository, addons }
}

/** With when its access was lost: now, unless it was lost before. */
function dated(used: UsedRepository, known: readonly Repository[], at: string): Repository {
  const before = known.find(
    ({ connectionId, repositoryId }) => connectionId === used.connectionId && repositoryId === used.repositoryId,
  )
  return { ...used, lostSince: used.accessLost ? (before?.lostSince ?? at) : null }
}

function connectionsOf(main: Repository | null, addons: readonly Repository[]): string[] {
  const ids = [...(main ? [main] : []), ...addons].map(({ connectionId }) => connectionId)
  return [...new Set(ids)].sort()
}
