import { DomainError, RESTORE_GRACE_MS, revocation } from '@git-connections/events'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { countDependents } from '../commands/dependents.ts'
import type { Tables } from '../database/tables.ts'
import type { Shell } from '../shell.ts'
import { advise } from './advice.ts'
import type { ConnectionView } from './connection-view.ts'
import { type LostRepository, readLost } from './lost-access.ts'

type Row = Selectable<Tables['connection_status']>

const unchecked = (detail: string) => ({ is: 'unchecked' as const, detail })

/** Every connection of the organization that is not deleted, by name. */
export async function listConnections(shell: Pick<Shell, 'db'>, organizationId: string): Promise<ConnectionView[]> {
  const rows = await shell.db
    .selectFrom('connection_status')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .orderBy('name')
    .orderBy('connection_id')
    .execute()
  const beside = await readBeside(shell, { organizationId })
  return rows.map((row) => toView(row, beside))
}

/** @throws {DomainError} ConnectionMissing, the same for a deleted one, another organization's, and none at all. */
export async function viewConnection(
  shell: Shell,
  organizationId: string,
  connectionId: string,
): Promise<ConnectionView> {
  const row = await shell.db
    .selectFrom('connection_status')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new DomainError('ConnectionMissing', 'There is no such connection.')
  return toView(row, await readBeside(shell, { organizationId, connectionId }))
}

/** What a view shows beside the connection's own row. */
interface Beside {
  readonly members: ReadonlySet<string>
  readonly dependents: ReadonlyMap<string, number>
  readonly lost: ReadonlyMap<string, LostRepository[]>
}

async function readBeside(
  shell: Pick<Shell, 'db'>,
  of: { organizationId: string; connectionId?: string },
): Promise<Beside> {
  const [members, dependents, lost] = await Promise.all([
    memberIds(shell, of.organizationId),
    countDependents(shell.db, of),
    readLost(shell, of),
  ])
  return { members, dependents, lost }
}

async function memberIds(shell: Pick<Shell, 'db'>, organizationId: string): Promise<ReadonlySet<string>> {
  const members = await shell.db
    .selectFrom('member')
    .select('userId')
    .where('organizationId', '=', organizationId)
    .execute()
  return new Set(members.map(({ userId }) => userId))
}

/** A deleted connection: one that can still be restored, or one whose credential was destroyed lately. */
export const deletedConnection = z.object({
  id: z.uuid(),
  name: z.string(),
  provider: z.string(),
  deletedAt: z.iso.datetime(),
  deletedBy: z.string(),
  /** Null where it can't be restored any more. */
  restorableUntil: z.iso.datetime().nullable(),
  /** Whether the provider ended its access; null while it can be restored. */
  revocation: revocation.nullable(),
})

/** The most recently deleted first. */
export async function listDeleted(shell: Shell, organizationId: string): Promise<z.infer<typeof deletedConnection>[]> {
  const now = shell.clock()
  const rows = await shell.db
    .selectFrom('connection_status')
    .select(['connection_id', 'name', 'provider', 'deleted_at', 'deleted_by_name', 'restorable_until', 'revocation'])
    .where('organization_id', '=', organizationId)
    .where('deleted_at', '>', new Date(now.getTime() - RESTORE_GRACE_MS))
    .orderBy('deleted_at', 'desc')
    .execute()
  return rows.flatMap((row) =>
    row.deleted_at && row.restorable_until
      ? {
          ...{ id: row.connection_id, name: row.name, provider: row.provider, deletedBy: row.deleted_by_name ?? '' },
          deletedAt: row.deleted_at.toISOString(),
          restorableUntil: row.restorable_until > now ? row.restorable_until.toISOString() : null,
          revocation: row.revocation,
        }
      : [],
  )
}

function toView(row: Row, { members, dependents, lost }: Beside): ConnectionView {
  const { evidence, credential, certificate_authority: authority } = row
  const grant = credential.kind === 'oauth' ? credential : null
  const never = unchecked('Not checked yet.')
  return {
    id: row.connection_id,
    ...{ name: row.name, provider: row.provider, method: row.method, baseUrl: row.base_url },
    ...{ status: row.status, statusSince: row.status_since.toISOString() },
    ...{ enabled: row.enabled, disabledReason: row.disabled_reason, message: row.message, reason: row.reason },
    advice: advise({ ...row, refreshable: grant?.refreshable ?? false }),
    account: row.account,
    tokenKind: evidence?.tokenKind ?? null,
    scopes: evidence?.scopes ?? null,
    missingScopes: evidence?.missingScopes ?? [],
    warnings: evidence?.warnings ?? [],
    createdBy: { id: row.created_by_id, name: row.created_by_name },
    createdAt: row.created_at.toISOString(),
    checkedAt: row.checked_at?.toISOString() ?? null,
    nextCheckAt: (row.retry_at ?? row.next_check_at)?.toISOString() ?? null,
    deferred: deferredOf(row),
    expiresAt: row.expires_at?.toISOString() ?? null,
    credentialVersion: row.credential_version,
    authorizedBy: { id: row.authorized_by_id, name: row.authorized_by_name },
    authorizedAt: row.authorized_at.toISOString(),
    authorizerLeft: row.authorized_by_kind === 'person' && !members.has(row.authorized_by_id),
    ...{ refreshable: grant?.refreshable ?? false, accessExpiresAt: grant?.accessExpiresAt ?? null },
    refreshedAt: row.refreshed_at?.toISOString() ?? null,
    refreshing: row.refresh_started_at !== null,
    expiryWarning: row.credential_warning,
    certificateAuthority: authority && {
      ...{ subject: authority.subject, expiresAt: authority.expiresAt, warning: row.authority_warning },
    },
    app: credential.kind === 'githubApp' ? appOf(credential) : null,
    ...{ canList: evidence?.canList ?? never, canClone: evidence?.canClone ?? never },
    ...{ repositories: evidence?.repositories ?? [], calls: evidence?.calls ?? [] },
    ...{ rateLimit: evidence?.rateLimit ?? null, checkDurationMs: evidence?.durationMs ?? null },
    dependents: dependents.get(row.connection_id) ?? 0,
    lostRepositories: lost.get(row.connection_id) ?? [],
    version: row.version,
  }
}

function appOf({ appId, installationId, keyFingerprint }: Extract<Row['credential'], { kind: 'githubApp' }>) {
  return { appId, installationId, keyFingerprint }
}

function deferredOf(row: Row): ConnectionView['deferred'] {
  const { deferred_at, deferred_reason, deferred_message, retry_at } = row
  if (!deferred_at || !retry_at || deferred_reason === null || deferred_message === null) return null
  return {
    since: deferred_at.toISOString(),
    ...{ reason: deferred_reason, message: deferred_message, confirming: row.confirming },
    retryAt: retry_at.toISOString(),
  }
}
