import { createHash } from 'node:crypto'
import {
  account,
  type ConnectionEvent,
  connectionMethod,
  evidence,
  providerName,
  type Recorded,
  statuses,
} from '@git-connections/events'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { type Projection, timestamp } from './projection.ts'

const DAY_MS = 24 * 3_600_000
const JITTER_MS = 2 * 3_600_000
/** A deferred check has its own job; the daily look comes after it as the net. */
const NET_MS = 10 * 60_000

const row = z.object({
  organization_id: z.string(),
  connection_id: z.string(),
  version: z.number(),
  name: z.string(),
  provider: providerName,
  method: connectionMethod,
  base_url: z.string(),
  status: z.enum(statuses),
  status_since: timestamp,
  enabled: z.boolean(),
  disabled_reason: z.string().nullable(),
  message: z.string(),
  reason: z.string(),
  created_by_id: z.string(),
  created_by_name: z.string(),
  created_at: timestamp,
  checked_at: timestamp.nullable(),
  next_check_at: timestamp.nullable(),
  expires_at: timestamp.nullable(),
  credential_version: z.number(),
  fingerprint: z.string(),
  account: account.nullable(),
  /** What the last check saw, settled or not; null before the first. */
  evidence: evidence.nullable(),
  deferred_at: timestamp.nullable(),
  deferred_reason: z.string().nullable(),
  deferred_message: z.string().nullable(),
  confirming: z.boolean(),
  retry_at: timestamp.nullable(),
  deleted_at: timestamp.nullable(),
  deleted_by_name: z.string().nullable(),
  restorable_until: timestamp.nullable(),
  credential_destroyed: z.boolean(),
})
export type ConnectionStatusRow = z.infer<typeof row>

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
  version: 1,
  streamType: 'connection',
  key: 'connection_id',
  keyOf: (event) => event.streamId,
  row,

  evolve(before, event) {
    const at = event.recordedAt.toISOString()
    if (event.type === 'ConnectionCreated') return created(event)
    if (!before) return undefined
    const next = { ...before, version: event.version }
    switch (event.type) {
      case 'ConnectionValidated': {
        const { outcome, message, reason, evidence } = event.data
        const known = outcome === 'active' ? evidence.expiresAt : (evidence.expiresAt ?? before.expires_at)
        return {
          ...next,
          ...notDeferred,
          ...{ status: outcome, message, reason, evidence, expires_at: known },
          status_since: outcome === before.status ? before.status_since : at,
          account: evidence.account ?? before.account,
          checked_at: evidence.checkedAt,
          next_check_at: nextCheck(before, evidence.checkedAt),
        }
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
        return {
          ...next,
          ...notDeferred,
          credential_version: event.data.credentialVersion,
          fingerprint: event.data.fingerprint,
        }
      case 'ConnectionExpired':
        return {
          ...next,
          ...{ status: 'expired', status_since: at, reason: 'expired' },
          message: 'The token has reached its end. Create a new one and update the connection.',
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
        return { ...next, credential_destroyed: true }
    }
  },

  async createTable(db: Kysely<never>, schema: string) {
    const table = sql.table(`${schema}.connection_status`)
    await sql`
      create table ${table} (
        organization_id uuid not null, connection_id uuid not null, version int not null,
        name text not null, provider text not null, method text not null, base_url text not null,
        status text not null, status_since timestamptz(3) not null,
        enabled boolean not null, disabled_reason text, message text not null, reason text not null,
        created_by_id text not null, created_by_name text not null, created_at timestamptz(3) not null,
        checked_at timestamptz(3), next_check_at timestamptz(3), expires_at timestamptz(3),
        credential_version int not null, fingerprint text not null, account jsonb, evidence jsonb,
        deferred_at timestamptz(3), deferred_reason text, deferred_message text, confirming boolean not null,
        retry_at timestamptz(3), deleted_at timestamptz(3), deleted_by_name text, restorable_until timestamptz(3),
        credential_destroyed boolean not null,
        primary key (organization_id, connection_id)
      )`.execute(db)
    // These two serve the watch over all organizations, which asks only for what has come due.
    await sql`create index on ${table} (next_check_at) where deleted_at is null and enabled`.execute(db)
    await sql`create index on ${table} (expires_at) where deleted_at is null`.execute(db)
  },
}

function created(event: Extract<Recorded<ConnectionEvent>, { type: 'ConnectionCreated' }>): ConnectionStatusRow {
  const { name, provider, method, baseUrl, credentialVersion, fingerprint } = event.data
  const at = event.recordedAt.toISOString()
  return {
    organization_id: event.organizationId,
    connection_id: event.streamId,
    ...{ version: event.version, name, provider, method, base_url: baseUrl },
    ...{ status: 'pending', status_since: at, enabled: true, disabled_reason: null },
    ...{ message: 'Waiting for the first answer of the provider.', reason: 'created' },
    ...{ created_by_id: event.actor.id, created_by_name: event.actor.name, created_at: at },
    ...{
      checked_at: null,
      next_check_at: new Date(event.recordedAt.getTime() + NET_MS).toISOString(),
      expires_at: null,
    },
    ...{ credential_version: credentialVersion, fingerprint, account: null, evidence: null },
    ...notDeferred,
    ...{ deleted_at: null, deleted_by_name: null, restorable_until: null, credential_destroyed: false },
  }
}

/** A day later, moved by up to two hours either way, the same for a connection each time. */
function nextCheck(before: Pick<ConnectionStatusRow, 'connection_id' | 'enabled'>, from: string): string | null {
  if (!before.enabled) return null
  const share = createHash('sha256').update(before.connection_id).digest().readUInt32BE(0) / 2 ** 32
  return new Date(Date.parse(from) + DAY_MS + (share * 2 - 1) * JITTER_MS).toISOString()
}
