import { v7 as uuidv7 } from 'uuid'
import { executeOnConnection } from '../commands/connection.ts'
import type { Shell } from '../shell.ts'
import type { Job } from './jobs.ts'

const AT_ONCE = 500
/** The outcome of a sign-in can be asked for so long after its ten minutes. */
const KEPT_MS = 24 * 3_600_000

type Put = (job: Job, at: Date | null) => Promise<void>

/**
 * Looks for what has come due: credentials whose end has come turn Expired, connections whose daily check is due get
 * their job. Doing it twice does no harm.
 */
export async function sweep(shell: Shell, put: Put): Promise<void> {
  const now = shell.clock()
  const ended = await shell.db
    .selectFrom('connection_status')
    .select(['organization_id', 'connection_id'])
    .where('deleted_at', 'is', null)
    .where('status', 'in', ['active', 'error', 'pending'])
    .where('expires_at', '<=', now)
    .limit(AT_ONCE)
    .execute()
  for (const { organization_id, connection_id } of ended) {
    await executeOnConnection(shell, connection_id, { type: 'ExpireConnection', at: now }, bySweep(organization_id))
  }
  const due = await shell.db
    .selectFrom('connection_status')
    .select(['organization_id', 'connection_id', 'next_check_at'])
    .where('deleted_at', 'is', null)
    .where('enabled', '=', true)
    .where('next_check_at', '<=', now)
    .orderBy('next_check_at')
    .limit(AT_ONCE)
    .execute()
  for (const { organization_id, connection_id } of due) {
    const data = { organizationId: organization_id, connectionId: connection_id, eventId: uuidv7() }
    await put({ name: 'validate-connection', data }, null)
  }
  await warnOfEnds(shell)
  await renewGrants(shell, put)
  await forgetSignIns(shell)
}

async function warnOfEnds(shell: Shell): Promise<void> {
  const now = shell.clock()
  const due = await shell.db
    .selectFrom('connection_status')
    .select(['organization_id', 'connection_id'])
    .where('deleted_at', 'is', null)
    .where('warn_at', '<=', now)
    .limit(AT_ONCE)
    .execute()
  for (const { organization_id, connection_id } of due) {
    await executeOnConnection(shell, connection_id, { type: 'WarnOfExpiry', at: now }, bySweep(organization_id))
  }
}

/** Grants whose refresh token would end unused, and refreshes that were cut off and of which nobody has asked since. */
async function renewGrants(shell: Shell, put: Put): Promise<void> {
  const now = shell.clock()
  const cutOff = new Date(now.getTime() - shell.config.refreshLeaseMs)
  const due = await shell.db
    .selectFrom('connection_status')
    .select(['organization_id', 'connection_id', 'credential_version'])
    .where('deleted_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb.and([eb('keep_alive_at', '<=', now), eb('enabled', '=', true), eb('status', '=', 'active')]),
        eb('refresh_started_at', '<=', cutOff),
      ]),
    )
    .orderBy('keep_alive_at')
    .limit(AT_ONCE)
    .execute()
  for (const { organization_id, connection_id, credential_version: version } of due) {
    const data = { organizationId: organization_id, connectionId: connection_id, eventId: uuidv7(), version }
    await put({ name: 'keep-alive', data }, null)
  }
}

/** Sign-ins that were never settled are of no use after their time, nor is a grant that was never confirmed. */
async function forgetSignIns(shell: Shell): Promise<void> {
  const over = await shell.db
    .deleteFrom('oauth_authorization')
    .where('expires_at', '<=', new Date(shell.clock().getTime() - KEPT_MS))
    .returning(['organization_id', 'id', 'connection_id'])
    .execute()
  for (const { organization_id: organizationId, id, connection_id: reconnected } of over) {
    // Only the grant of a reconnection is held under the sign-in's id; a new connection took that id as its own.
    if (reconnected !== null) await shell.vault.drop({ organizationId, connectionId: id })
  }
}

function bySweep(organizationId: string) {
  const id = uuidv7()
  return {
    actor: { kind: 'job' as const, id: 'sweep', name: 'Expiry watch' },
    ...{ organizationId, commandId: id, correlationId: id },
    causationId: null,
  }
}
