import {
  account,
  actorSchema,
  certificateAuthority,
  connectionMethod,
  credentialFacts,
  evidence,
  providerName,
  revocation,
  statuses,
} from '@git-connections/events'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { timestamp } from './projection.ts'

/** What a card of the page shows of one connection. */
export const connectionStatusRow = z.object({
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
  credential: credentialFacts,
  certificate_authority: certificateAuthority.nullable(),
  /** Who brought the credential that is in use, and when. */
  authorized_by_kind: actorSchema.shape.kind,
  authorized_by_id: z.string(),
  authorized_by_name: z.string(),
  authorized_at: timestamp,
  /** When a refresh began whose outcome is not known yet. */
  refresh_started_at: timestamp.nullable(),
  refreshed_at: timestamp.nullable(),
  /** When the refresh token is used for its own sake, long before it ends. */
  keep_alive_at: timestamp.nullable(),
  /** The days of the last warning of each end; null before the first. */
  credential_warning: z.number().nullable(),
  authority_warning: z.number().nullable(),
  /** When the next warning of an end is due. */
  warn_at: timestamp.nullable(),
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
  /** What came of telling the provider that a deleted connection's credential has ended. */
  revocation: revocation.nullable(),
})
export type ConnectionStatusRow = z.infer<typeof connectionStatusRow>

/** Makes the table with its indexes. */
export async function createConnectionStatus(db: Kysely<never>, schema: string): Promise<void> {
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
      credential jsonb not null, certificate_authority jsonb,
      authorized_by_kind text not null, authorized_by_id text not null, authorized_by_name text not null, authorized_at timestamptz(3) not null,
      refresh_started_at timestamptz(3), refreshed_at timestamptz(3), keep_alive_at timestamptz(3),
      credential_warning int, authority_warning int, warn_at timestamptz(3),
      deferred_at timestamptz(3), deferred_reason text, deferred_message text, confirming boolean not null,
      retry_at timestamptz(3), deleted_at timestamptz(3), deleted_by_name text, restorable_until timestamptz(3),
      credential_destroyed boolean not null, revocation jsonb,
      primary key (organization_id, connection_id)
    )`.execute(db)
  // These serve the watch over all organizations, which asks only for what has come due.
  await sql`create index on ${table} (next_check_at) where deleted_at is null and enabled`.execute(db)
  await sql`create index on ${table} (expires_at) where deleted_at is null`.execute(db)
  await sql`create index on ${table} (keep_alive_at) where deleted_at is null and enabled`.execute(db)
  await sql`create index on ${table} (warn_at) where deleted_at is null`.execute(db)
  await sql`create index on ${table} (refresh_started_at) where deleted_at is null`.execute(db)
}
