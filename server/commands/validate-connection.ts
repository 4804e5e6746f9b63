import type { LinkedConnection, Verdict } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import type { Prior } from '../providers/provider.ts'
import type { Shell } from '../shell.ts'
import { executeOnConnection, readLinked } from './connection.ts'
import type { Cause } from './execute.ts'

/** A second look that comes within this time is waited for; a later one is left to its job. */
const WAIT_AT_MOST_MS = 10_000
const LATELY_MS = 10 * 60_000

/**
 * Asks the provider whether the connection's credential works and records what it answered. A refusal that must be
 * confirmed soon is confirmed before this returns.
 * @throws {DomainError} ConnectionMissing; VaultSealed when the credential can't be opened.
 */
export async function validateConnection(shell: Shell, connectionId: string, by: Cause): Promise<void> {
  const verdict = await checkOnce(shell, connectionId, by)
  if (verdict.is !== 'refusedOnce' || verdict.confirmAfterMs > WAIT_AT_MOST_MS) return
  await shell.sleep(verdict.confirmAfterMs)
  await checkOnce(shell, connectionId, { ...by, commandId: uuidv7() })
}

async function checkOnce(shell: Shell, connectionId: string, by: Cause): Promise<Verdict> {
  const linked = await readLinked(shell, connectionId, by)
  const { credentialVersion, baseUrl } = linked
  const prior = await priorOf(shell, linked, { connectionId, organizationId: by.organizationId })
  const verdict = await shell.vault.use(
    { organizationId: by.organizationId, connectionId, field: 'token', version: credentialVersion },
    { actor: by.actor, purpose: 'validate', correlationId: by.correlationId },
    (token) => shell.providers[linked.provider].checkToken(token, { baseUrl, prior }),
  )
  const at = shell.clock()
  await executeOnConnection(
    shell,
    connectionId,
    { type: 'RecordValidation', verdict, credentialVersion, at, jitter: Math.random() },
    by,
    { request: { validate: connectionId } },
  )
  return verdict
}

async function priorOf(
  shell: Shell,
  linked: LinkedConnection,
  key: { organizationId: string; connectionId: string },
): Promise<Prior> {
  const since = new Date(shell.clock().getTime() - LATELY_MS)
  const refused = await shell.db
    .selectFrom('connection_status')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('organization_id', '=', key.organizationId)
    .where('base_url', '=', linked.baseUrl)
    .where('connection_id', '!=', key.connectionId)
    .where('deleted_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb.and([eb('status', '=', 'revoked'), eb('status_since', '>', since)]),
        eb.and([eb('confirming', '=', true), eb('deferred_at', '>', since)]),
      ]),
    )
    .executeTakeFirst()
  return {
    worked: linked.worked,
    status: linked.status,
    expiresAt: linked.expiresAt ? new Date(linked.expiresAt) : null,
    unansweredSince: linked.unanswered ? new Date(linked.unanswered.since) : null,
    othersRefusedLately: refused?.count ?? 0,
  }
}
