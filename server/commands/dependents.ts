import { createHash } from 'node:crypto'
import type { ConnectionCommand } from '@git-connections/events'
import canonicalize from 'canonicalize'
import { sql } from 'kysely'
import type { Shell } from '../shell.ts'
import type { Grounded } from './execute.ts'

/** What would stop working without a connection. */
export interface Dependent {
  readonly id: string
  readonly kind: 'project' | 'environment'
  /** An environment's begins with its project's. */
  readonly name: string
  /** How an environment was deployed last. */
  readonly lastDeployment?: {
    readonly is: 'succeeded' | 'failed' | 'cancelled'
    readonly at: string
    readonly by: string
  }
}

type Of = { readonly organizationId: string; readonly connectionId: string }

/** What depends on a connection, and a mark of just this answer, by which one says later what one has seen. */
export async function readDependents(
  db: Shell['db'],
  { organizationId, connectionId }: Of,
): Promise<{ dependents: Dependent[]; seen: string }> {
  const rows = await db
    .selectFrom('project_status')
    .select(['project_id', 'name'])
    .where('organization_id', '=', organizationId)
    .where('connection_ids', '@>', sql<string[]>`array[${connectionId}]::uuid[]`)
    .orderBy('name')
    .orderBy('project_id')
    .execute()
  const projects = rows.map(({ project_id, name }): Dependent => ({ id: project_id, kind: 'project', name }))
  const dependents = [...projects, ...(await readEnvironments(db, organizationId, projects))]
  // A deployment meanwhile changes nothing of what depends on it.
  const marked = dependents.map(({ id, kind, name }) => ({ id, kind, name }))
  const shown = canonicalize({ connectionId, dependents: marked }) ?? ''
  return { dependents, seen: createHash('sha256').update(shown).digest('base64url') }
}

/** The environments of projects that are not stopped, by the projects' names and theirs. */
async function readEnvironments(
  db: Shell['db'],
  organizationId: string,
  projects: readonly Dependent[],
): Promise<Dependent[]> {
  if (projects.length === 0) return []
  const ids = projects.map(({ id }) => id)
  const rows = await db
    .selectFrom('environment_status')
    .select(['environment_id', 'project_id', 'name', 'last'])
    .where('organization_id', '=', organizationId)
    .where('project_id', 'in', ids)
    .where('deleted_at', 'is', null)
    .where('stopped_at', 'is', null)
    .orderBy('name')
    .orderBy('environment_id')
    .execute()
  return projects.flatMap((project) =>
    rows
      .filter(({ project_id }) => project_id === project.id)
      .map(({ environment_id: id, name, last }): Dependent => {
        const dependent = { id, kind: 'environment' as const, name: `${project.name} / ${name}` }
        return last ? { ...dependent, lastDeployment: { is: last.is, at: last.at, by: last.byName } } : dependent
      }),
  )
}

/**
 * Grounds a command in what depends on the connection: it is made with their names, or with none where `seen` is the
 * mark of just those, and is not written if another one came to depend on the connection meanwhile.
 */
export function groundInDependents(
  db: Shell['db'],
  { seen, ...of }: Of & { seen: string | undefined },
  make: (unseen: readonly string[]) => ConnectionCommand,
): () => Promise<Grounded<ConnectionCommand>> {
  return async () => {
    const now = await readDependents(db, of)
    const unseen = now.seen === seen ? [] : now.dependents.map(({ name }) => name)
    return { command: make(unseen), holds: [], unlessHeld: true }
  }
}

/** How much depends on each connection of the organization, or on one; those without any are left out. */
export async function countDependents(
  db: Shell['db'],
  { organizationId, connectionId }: { organizationId: string; connectionId?: string },
): Promise<ReadonlyMap<string, number>> {
  let used = db
    .selectFrom('project_status')
    .select(({ fn }) => fn<string>('unnest', ['connection_ids']).as('connection_id'))
    .where('organization_id', '=', organizationId)
  if (connectionId) used = used.where('connection_ids', '@>', sql<string[]>`array[${connectionId}]::uuid[]`)
  const rows = await db
    .selectFrom(used.as('used'))
    .select(({ fn }) => ['connection_id', fn.countAll<number>().as('count')])
    .groupBy('connection_id')
    .execute()
  return new Map(rows.map(({ connection_id, count }) => [connection_id, count]))
}
