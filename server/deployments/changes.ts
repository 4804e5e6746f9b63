import { type ConnectionEvent, DomainError } from '@git-connections/events'
import { summarise } from '@git-connections/projections'
import { type CommitDescription, commitsBetween } from '../git/describe-commit.ts'
import type { Shell } from '../shell.ts'
import { mirrorOf } from './mirrors.ts'
import type { StoredPlan } from './stored-plan.ts'

const MOST_COMMITS = 50
const MOST_EVENTS = 100

/** Events of a connection after which a deployment may go otherwise than before. */
const TELLING: readonly ConnectionEvent['type'][] = [
  ...([
    'ConnectionDisabled',
    'ConnectionEnabled',
    'TokenReplaced',
    'ConnectionReauthorized',
    'TokenRefreshed',
  ] as const),
  ...(['TokenRefreshFailed', 'ConnectionExpired', 'ConnectionDeleted', 'ConnectionRestored'] as const),
  ...(['ConnectionValidated', 'CertificateAuthorityChanged'] as const),
]

/** What is different from the last deployment before it that succeeded. */
export interface Changes {
  /** Null where none had succeeded. */
  readonly since: { readonly id: string; readonly number: number; readonly endedAt: Date } | null
  readonly repositories: readonly {
    readonly fullName: string
    /** Null where it was not part of it. */
    readonly from: string | null
    readonly to: string
    /** The newest first. */
    readonly commits: readonly CommitDescription[]
    /** Whether there are more than are named, or it is not known which. */
    readonly more: boolean
  }[]
  readonly connections: readonly {
    readonly at: Date
    readonly actor: string
    readonly connection: string
    readonly what: string
  }[]
  readonly modules: {
    readonly added: readonly string[]
    readonly changed: readonly string[]
    readonly gone: readonly string[]
  }
}

/**
 * Tells commits, events of connections, and modules that came between the last good deployment and this one.
 * @throws {DomainError} DeploymentMissing
 */
export async function changesSince(
  shell: Pick<Shell, 'db' | 'config' | 'runner'>,
  organizationId: string,
  deploymentId: string,
): Promise<Changes> {
  await shell.runner.caughtUp('deployment', organizationId)
  const own = shell.db.selectFrom('deployment').selectAll().where('organization_id', '=', organizationId)
  const now = await own.where('deployment_id', '=', deploymentId).executeTakeFirst()
  if (!now) throw new DomainError('DeploymentMissing', 'There is no such deployment.')
  const before = await own
    .where('environment_id', '=', now.environment_id)
    .where('status', '=', 'succeeded')
    .where('number', '<', now.number)
    .orderBy('number', 'desc')
    .executeTakeFirst()
  const modules = await moduleChanges(shell, organizationId, {
    now: deploymentId,
    before: before?.deployment_id ?? null,
  })
  if (!before?.ended_at) return { since: null, repositories: [], connections: [], modules }
  const repositories = await Promise.all(
    now.repositories.map(async (taken) => {
      const { connectionId, repositoryId, fullName, commit: to } = taken
      const from = before.repositories.find((one) => one.repositoryId === repositoryId)?.commit ?? null
      if (from === null || from === to) return { fullName, from, to, commits: [], more: false }
      const mirror = mirrorOf(shell.config, { organizationId, connectionId, repositoryId })
      const between = await commitsBetween(mirror, { from, to, most: MOST_COMMITS })
      return { fullName, from, to, commits: between?.commits ?? [], more: !between?.complete }
    }),
  )
  const connectionIds = [...new Set(now.repositories.map(({ connectionId }) => connectionId))]
  const connections = await connectionEvents(shell, organizationId, {
    connectionIds,
    ...{ from: before.ended_at, to: now.ended_at ?? new Date() },
  })
  const since = { id: before.deployment_id, number: before.number, endedAt: before.ended_at }
  return { since, repositories, connections, modules }
}

async function connectionEvents(
  { db }: Pick<Shell, 'db'>,
  organizationId: string,
  { connectionIds, from, to }: { connectionIds: readonly string[]; from: Date; to: Date },
): Promise<Changes['connections']> {
  if (connectionIds.length === 0) return []
  const rows = await db
    .selectFrom('event')
    .innerJoin('connection_status', (join) =>
      join
        .onRef('connection_status.organization_id', '=', 'event.organization_id')
        .onRef('connection_status.connection_id', '=', 'event.stream_id'),
    )
    .select(['event.recorded_at', 'event.actor', 'event.type', 'event.data', 'connection_status.name'])
    .where('event.organization_id', '=', organizationId)
    .where('event.stream_id', 'in', [...connectionIds])
    .where('event.type', 'in', [...TELLING])
    .where('event.recorded_at', '>', from)
    .where('event.recorded_at', '<=', to)
    .orderBy('event.position')
    .limit(MOST_EVENTS)
    .execute()
  return rows.map(({ recorded_at, actor, type, data, name }) => {
    const what = summarise({ streamType: 'connection', type, data })
    return { at: recorded_at, actor: actor.name, connection: name, what }
  })
}

async function moduleChanges(
  { db }: Pick<Shell, 'db'>,
  organizationId: string,
  of: { now: string; before: string | null },
): Promise<Changes['modules']> {
  const rows = await db
    .selectFrom('deployment_run')
    .select(['deployment_id', 'plan'])
    .where('organization_id', '=', organizationId)
    .where('deployment_id', 'in', [of.now, ...(of.before === null ? [] : [of.before])])
    .execute()
  const planOf = (id: string | null) => rows.find((row) => row.deployment_id === id)?.plan ?? null
  const [now, before] = [planOf(of.now), planOf(of.before)]
  if (!now) return { added: [], changed: [], gone: [] }
  const there = new Set(allIn(now))
  const named = (what: 'install' | 'update') => now.modules.filter((one) => one.what === what).map(({ name }) => name)
  return {
    added: named('install'),
    changed: named('update'),
    gone: before ? allIn(before).filter((name) => !there.has(name) && name !== 'base') : [],
  }
}

function allIn({ modules, unchanged }: StoredPlan): string[] {
  return [...modules.map(({ name }) => name), ...unchanged]
}
