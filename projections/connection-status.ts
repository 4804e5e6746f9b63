import { createHash } from 'node:crypto'
import { type ConnectionEvent, type ConnectionMethod, endOf, nextWarning, type Recorded } from '@git-connections/events'
import { type ConnectionStatusRow, connectionStatusRow, createConnectionStatus } from './connection-status-row.ts'
import type { Projection } from './projection.ts'

const DAY_MS = 24 * 3_600_000
const JITTER_MS = 2 * 3_600_000
const ENDED: Record<ConnectionMethod, string> = {
  oauth: 'The access that was given has reached its end. Reconnect the account.',
  token: 'The token has reached its end. Create a new one and update the connection.',
  githubApp: 'The key has reached its end. Create a new one and update the connection.',
}
/** A refresh token is used after sixty to ninety days, or after half its life where that is shorter. */
const KEEP_ALIVE_MS = 60 * DAY_MS
const KEEP_ALIVE_SPREAD_MS = 30 * DAY_MS
/** A deferred check has its own job; the daily look comes after it as the net. */
const NET_MS = 10 * 60_000

const notDeferred = {
  deferred_at: null,
  deferred_reason: null,
  deferred_message: null,
  confirming: false,
  retry_at: null,
} as const

/** What the page's cards show: one row for each connection; a deleted one keeps its row, so that it can be restored. */
export const connectionStatus: Projection<ConnectionStatusRow, ConnectionEvent> = {
  name: 'connection_status',
  version: 3,
  streamType: 'connection',
  key: 'connection_id',
  keyOf: (event) => event.streamId,
  row: connectionStatusRow,

  evolve(before, event) {
    const at = event.recordedAt.toISOString()
    if (event.type === 'ConnectionCreated') return created(event)
    if (!before) return undefined
    const next = { ...before, version: event.version }
    switch (event.type) {
      case 'ConnectionValidated': {
        const { outcome, message, reason, evidence } = event.data
        const told = outcome === 'active' ? evidence.expiresAt : (evidence.expiresAt ?? before.expires_at)
        const expiresAt = endOf(before.credential, told)
        return warned({
          ...next,
          ...notDeferred,
          ...{ status: outcome, message, reason, evidence, expires_at: expiresAt },
          credential_warning: expiresAt === before.expires_at ? before.credential_warning : null,
          status_since: outcome === before.status ? before.status_since : at,
          account: evidence.account ?? before.account,
          checked_at: evidence.checkedAt,
          next_check_at: nextCheck(before, evidence.checkedAt),
        })
      }
      case 'ValidationDeferred': {
        const { reason, message, confirming, retryAt, evidence } = event.data
        return {
          ...next,
          ...{ deferred_at: at, deferred_reason: reason, deferred_message: message, confirming, retry_at: retryAt },
          evidence: before.checked_at ? before.evidence : evidence,
          next_check_at: before.enabled ? new Date(Date.parse(retryAt) + NET_MS).toISOString() : null,
        }
      }
      case 'ConnectionRenamed':
        return { ...next, name: event.data.name }
      case 'ConnectionDisabled':
        return { ...next, enabled: false, disabled_reason: event.data.reason, next_check_at: null }
      case 'ConnectionEnabled':
        return {
          ...next,
          enabled: true,
          disabled_reason: null,
          next_check_at: nextCheck({ ...before, enabled: true }, at),
        }
      case 'TokenReplaced':
      case 'ConnectionReauthorized':
        return withCredential({ ...next, ...notDeferred, ...authorizedBy(event) }, event)
      case 'TokenRefreshStarted':
        return { ...next, refresh_started_at: at }
      case 'TokenRefreshed':
        return withCredential({ ...next, ...notDeferred, refreshed_at: at }, event)
      case 'TokenRefreshFailed':
        return refreshFailed(next, event)
      case 'ExpiryApproaching': {
        const { what, daysLeft } = event.data
        const told = what === 'credential' ? { credential_warning: daysLeft } : { authority_warning: daysLeft }
        return warned({ ...next, ...told })
      }
      case 'CertificateAuthorityChanged':
        return warned({
          ...next,
          certificate_authority: event.data.certificateAuthority,
          authority_warning: null,
        })
      case 'ConnectionExpired':
        return {
          ...next,
          ...{ status: 'expired', status_since: at, reason: 'expired' },
          message: ENDED[next.method],
          warn_at: null,
        }
      case 'ConnectionDeleted':
        return {
          ...next,
          ...{ deleted_at: at, deleted_by_name: event.actor.name, next_check_at: null },
          restorable_until: event.data.restorableUntil,
        }
      case 'ConnectionRestored':
        return {
          ...next,
          ...{ deleted_at: null, deleted_by_name: null, restorable_until: null },
          next_check_at: nextCheck(before, at),
        }
      case 'CredentialDestroyed':
        return { ...next, credential_destroyed: true, revocation: event.data.revocation }
    }
  },

  createTable: createConnectionStatus,
}

function created(event: Extract<Recorded<ConnectionEvent>, { type: 'ConnectionCreated' }>): ConnectionStatusRow {
  const { name, provider, method, baseUrl, credentialVersion, fingerprint, credential } = event.data
  const at = event.recordedAt.toISOString()
  return warned({
    organization_id: event.organizationId,
    connection_id: event.streamId,
    ...{ version: event.version, name, provider, method, base_url: baseUrl },
    ...{ status: 'pending', status_since: at, enabled: true, disabled_reason: null },
    ...{ message: 'Waiting for the first answer of the provider.', reason: 'created' },
    ...{ created_by_id: event.actor.id, created_by_name: event.actor.name, created_at: at },
    checked_at: null,
    next_check_at: new Date(event.recordedAt.getTime() + NET_MS).toISOString(),
    ...authorizedBy(event),
    ...{ credential, certificate_authority: event.data.certificateAuthority, expires_at: endOf(credential, null) },
    ...{ refresh_started_at: null, refreshed_at: null, keep_alive_at: keepAlive(event.streamId, credential, at) },
    ...{ credential_warning: null, authority_warning: null, warn_at: null },
    ...{ credential_version: credentialVersion, fingerprint, account: null, evidence: null },
    ...notDeferred,
    ...{ deleted_at: null, deleted_by_name: null, restorable_until: null, credential_destroyed: false },
    revocation: null,
  })
}

function authorizedBy({ actor, recordedAt }: Pick<Recorded, 'actor' | 'recordedAt'>) {
  return {
    authorized_by_kind: actor.kind,
    authorized_by_id: actor.id,
    authorized_by_name: actor.name,
    authorized_at: recordedAt.toISOString(),
  }
}

type OfType<Type> = Extract<Recorded<ConnectionEvent>, { type: Type }>

function withCredential(
  row: ConnectionStatusRow,
  event: OfType<'TokenReplaced' | 'ConnectionReauthorized' | 'TokenRefreshed'>,
): ConnectionStatusRow {
  const { credentialVersion, fingerprint, credential } = event.data
  return warned({
    ...row,
    ...{ credential_version: credentialVersion, fingerprint, credential, expires_at: endOf(credential, null) },
    ...{ refresh_started_at: null, credential_warning: null },
    keep_alive_at: keepAlive(row.connection_id, credential, event.recordedAt.toISOString()),
  })
}

function refreshFailed(row: ConnectionStatusRow, event: OfType<'TokenRefreshFailed'>): ConnectionStatusRow {
  const { status, reason, message, retryAt } = event.data
  const at = event.recordedAt.toISOString()
  const next = { ...row, refresh_started_at: null }
  if (status) {
    const since = status === row.status ? row.status_since : at
    return warned({ ...next, ...notDeferred, status, status_since: since, reason, message })
  }
  if (!retryAt) return next
  return {
    ...next,
    ...{ deferred_at: at, deferred_reason: reason, deferred_message: message, confirming: false, retry_at: retryAt },
    next_check_at: row.enabled ? new Date(Date.parse(retryAt) + NET_MS).toISOString() : null,
  }
}

/** The row with the moment of its next warning; an end that has moved on is warned of anew. */
function warned(row: ConnectionStatusRow): ConnectionStatusRow {
  const works = row.status === 'active' || row.status === 'error' || row.status === 'pending'
  const due = [
    works && row.expires_at ? nextWarning(row.expires_at, row.credential_warning) : null,
    row.certificate_authority ? nextWarning(row.certificate_authority.expiresAt, row.authority_warning) : null,
  ]
  return { ...row, warn_at: due.filter((at) => at !== null).sort()[0] ?? null }
}

function keepAlive(connectionId: string, credential: ConnectionStatusRow['credential'], from: string): string | null {
  if (credential.kind !== 'oauth' || credential.refreshExpiresAt === null) return null
  const half = (Date.parse(credential.refreshExpiresAt) - Date.parse(from)) / 2
  const pause = Math.min(KEEP_ALIVE_MS + shareOf(connectionId) * KEEP_ALIVE_SPREAD_MS, half)
  return new Date(Date.parse(from) + pause).toISOString()
}

/** A number from 0 to 1 that is the same for a connection each time. */
function shareOf(connectionId: string): number {
  return createHash('sha256').update(connectionId).digest().readUInt32BE(0) / 2 ** 32
}

/** A day later, moved by up to two hours either way, the same for a connection each time. */
function nextCheck(before: Pick<ConnectionStatusRow, 'connection_id' | 'enabled'>, from: string): string | null {
  if (!before.enabled) return null
  return new Date(Date.parse(from) + DAY_MS + (shareOf(before.connection_id) * 2 - 1) * JITTER_MS).toISOString()
}
