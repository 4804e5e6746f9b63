import { v7 as uuidv7 } from 'uuid'
import { executeOnConnection } from '../commands/connection.ts'
import type { Shell } from '../shell.ts'
import type { Job } from './jobs.ts'

const AT_ONCE = 500

/**
 * Looks for what has come due: credentials whose end has come turn Expired, connections whose daily check is due get
 * their job. Doing it twice does no harm.
 */
export async function sweep(shell: Shell, put: (job: Job, at: Date | null) => Promise<void>): Promise<void> {
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
}

function bySweep(organizationId: string) {
  const id = uuidv7()
  return {
    actor: { kind: 'job' as const, id: 'sweep', name: 'Expiry watch' },
    ...{ organizationId, commandId: id, correlationId: id },
    causationId: null,
  }
}
