import { actorSchema, DomainError } from '@git-connections/events'
import { summarise } from '@git-connections/projections'
import { z } from 'zod'
import type { Shell } from '../shell.ts'
import { organizationThen, readThen } from './as-of.ts'
import { type AuditEntry, auditEntry } from './audit-view.ts'
import { memberProcedure, router } from './trpc.ts'

const instant = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-24T14:00:00Z' })
const page = z.object({ entries: z.array(auditEntry), nextCursor: z.number().nullable() })
const named = z.object({ id: z.string(), name: z.string() })

const filters = z.object({
  /** Who created the connection, project or environment that it happened to. */
  creatorId: z.string().max(200).optional(),
  actorId: z.string().max(200).optional(),
  connectionId: z.uuid().optional(),
  projectId: z.uuid().optional(),
  environmentId: z.uuid().optional(),
  types: z.array(z.string().max(100)).max(50).optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: z.number().int().nullish(),
  limit: z.number().int().min(1).max(200).default(50),
})
type Filters = z.infer<typeof filters>

export const audit = router({
  /** What happened in the organization, the newest first. */
  list: memberProcedure
    .input(filters.prefault({}))
    .output(page)
    .query(({ ctx, input }) => readEntries(ctx.shell, ctx.organizationId, input)),

  /** What the filters can be set to. */
  facets: memberProcedure
    .output(
      z.object({
        actors: z.array(actorSchema),
        creators: z.array(named),
        connections: z.array(named),
        projects: z.array(named),
        types: z.array(z.string()),
      }),
    )
    .query(({ ctx }) => readFacets(ctx.shell, ctx.organizationId)),

  /** The organization's connections, projects and environments as they were at an instant. */
  asOf: memberProcedure
    .input(z.object({ at: instant }))
    .output(organizationThen)
    .query(({ ctx, input }) => readThen(ctx.shell, ctx.organizationId, new Date(input.at))),
})

/**
 * The history of one connection, deleted or not, the newest first.
 * @throws {DomainError} ConnectionMissing
 */
export async function readHistory(
  shell: Shell,
  organizationId: string,
  input: { connectionId: string; cursor?: number | null | undefined; limit: number },
): Promise<z.infer<typeof page>> {
  const known = await shell.db
    .selectFrom('connection_status')
    .select('connection_id')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', input.connectionId)
    .executeTakeFirst()
  if (!known) throw new DomainError('ConnectionMissing', 'There is no such connection.')
  return readEntries(shell, organizationId, input)
}

async function readEntries(shell: Shell, organizationId: string, input: Filters): Promise<z.infer<typeof page>> {
  await shell.runner.caughtUp('audit_entry', organizationId)
  await shell.runner.caughtUp('creator_audit', organizationId)
  let query = shell.db
    .selectFrom('audit_entry as entry')
    .innerJoin('event', (join) =>
      join.onRef('event.organization_id', '=', 'entry.organization_id').onRef('event.position', '=', 'entry.position'),
    )
    .leftJoin('creator_audit as subject', (join) =>
      join
        .onRef('subject.organization_id', '=', 'entry.organization_id')
        .onRef('subject.connection_id', '=', 'entry.stream_id'),
    )
    .leftJoin('project_status as project', (join) =>
      join
        .onRef('project.organization_id', '=', 'entry.organization_id')
        .onRef('project.project_id', '=', 'entry.stream_id'),
    )
    .leftJoin('environment_status as environment', (join) =>
      join
        .onRef('environment.organization_id', '=', 'entry.organization_id')
        .onRef('environment.environment_id', '=', 'entry.stream_id'),
    )
    .select([
      ...(['entry.position', 'entry.recorded_at', 'entry.type', 'entry.stream_type', 'entry.stream_id'] as const),
      ...(['event.event_id', 'event.version', 'event.data', 'event.actor', 'event.command_id'] as const),
      ...(['event.correlation_id', 'event.causation_id'] as const),
    ])
    .select(({ fn }) => [
      fn.coalesce('subject.name', 'project.name', 'environment.name').as('subject'),
      fn.coalesce('subject.creator_id', 'project.created_by_id', 'environment.created_by_id').as('creator_id'),
      fn.coalesce('subject.creator_name', 'project.created_by_name', 'environment.created_by_name').as('creator_name'),
    ])
    .where('entry.organization_id', '=', organizationId)
  if (input.cursor) query = query.where('entry.position', '<', input.cursor)
  if (input.connectionId) query = query.where('entry.stream_id', '=', input.connectionId)
  if (input.projectId) query = query.where('entry.stream_id', '=', input.projectId)
  if (input.environmentId) query = query.where('entry.stream_id', '=', input.environmentId)
  const { creatorId } = input
  if (creatorId) {
    query = query.where(({ eb, or }) =>
      or([
        eb('subject.creator_id', '=', creatorId),
        eb('project.created_by_id', '=', creatorId),
        eb('environment.created_by_id', '=', creatorId),
      ]),
    )
  }
  if (input.actorId) query = query.where('entry.actor_id', '=', input.actorId)
  if (input.types && input.types.length > 0) query = query.where('entry.type', 'in', input.types)
  if (input.from) query = query.where('entry.recorded_at', '>=', new Date(input.from))
  if (input.to) query = query.where('entry.recorded_at', '<=', new Date(input.to))
  const rows = await query
    .orderBy('entry.position', 'desc')
    .limit(input.limit + 1)
    .execute()
  const entries = rows.slice(0, input.limit).map(
    (row): AuditEntry => ({
      position: row.position,
      eventId: row.event_id,
      type: row.type,
      recordedAt: row.recorded_at.toISOString(),
      actor: row.actor,
      ...{ streamType: row.stream_type, streamId: row.stream_id, subject: row.subject },
      creator: row.creator_id && row.creator_name ? { id: row.creator_id, name: row.creator_name } : null,
      summary: summarise({ streamType: row.stream_type, type: row.type, data: row.data }),
      ...{ data: row.data, version: row.version, commandId: row.command_id },
      ...{ correlationId: row.correlation_id, causationId: row.causation_id },
    }),
  )
  return { entries, nextCursor: rows.length > input.limit ? (entries.at(-1)?.position ?? null) : null }
}

async function readFacets(shell: Shell, organizationId: string) {
  const { db } = shell
  const actors = await db
    .selectFrom('audit_entry')
    .select(['actor_kind as kind', 'actor_id as id', (eb) => eb.fn.max('actor_name').as('name')])
    .where('organization_id', '=', organizationId)
    .groupBy(['actor_kind', 'actor_id'])
    .orderBy('name')
    .execute()
  const connections = await db
    .selectFrom('creator_audit')
    .select(['connection_id as id', 'name', 'creator_id', 'creator_name'])
    .where('organization_id', '=', organizationId)
    .orderBy('name')
    .execute()
  const projects = await db
    .selectFrom('project_status')
    .select(['project_id as id', 'name', 'created_by_id', 'created_by_name'])
    .where('organization_id', '=', organizationId)
    .orderBy('name')
    .execute()
  const types = await db
    .selectFrom('audit_entry')
    .select('type')
    .distinct()
    .where('organization_id', '=', organizationId)
    .orderBy('type')
    .execute()
  const creators = new Map([
    ...projects.map(({ created_by_id, created_by_name }) => [created_by_id, created_by_name] as const),
    ...connections.map(({ creator_id, creator_name }) => [creator_id, creator_name] as const),
  ])
  return {
    actors,
    creators: [...creators].map(([id, name]) => ({ id, name })),
    connections: connections.map(({ id, name }) => ({ id, name })),
    projects: projects.map(({ id, name }) => ({ id, name })),
    types: types.map(({ type }) => type),
  }
}
