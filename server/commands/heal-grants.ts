import { DomainError, type ProviderName } from '@git-connections/events'
import { v5 as uuidv5 } from 'uuid'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { readLinked } from './connection.ts'
import { validateConnection } from './validate-connection.ts'

/**
 * Asks again about the grants of an instance whose refresh was refused for the application's sake: another secret may
 * be all they lack.
 */
export async function healGrants(
  shell: Shell,
  { provider, baseUrl }: { provider: ProviderName; baseUrl: string },
  by: Cause,
): Promise<void> {
  const refused = await shell.db
    .selectFrom('connection_status')
    .select('connection_id')
    .where('organization_id', '=', by.organizationId)
    .where('provider', '=', provider)
    .where('base_url', '=', baseUrl)
    .where('status', '=', 'error')
    .where('reason', '=', 'refreshRefused')
    .where('enabled', '=', true)
    .where('deleted_at', 'is', null)
    .execute()
  for (const { connection_id: connectionId } of refused) {
    const cause = { ...by, commandId: uuidv5(connectionId, by.commandId) }
    try {
      // Those before it took their time.
      const { enabled } = await readLinked(shell, connectionId, cause)
      if (enabled) await validateConnection(shell, connectionId, cause)
    } catch (error) {
      // Deleted meanwhile: nothing to ask about.
      if (!(error instanceof DomainError) || error.code !== 'ConnectionMissing') throw error
    }
  }
}
