import { DomainError, type LinkedConnection, type Verdict } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { checkCredential } from './check-credential.ts'
import { executeOnConnection } from './connection.ts'

/** A second look that comes within this time is waited for; a later one is left to its job. */
const WAIT_AT_MOST_MS = 10_000
/** The longest that a check takes: its calls, and git. */
const NEED_MS = 60_000
/** A provider's servers may learn of a new token a little later than the one that made it. */
const FRESH_PAUSE_MS = 1_000
const DEAD: ReadonlySet<string> = new Set(['badCredentials', 'unauthorized', 'expired', 'revoked'])

/**
 * Asks the provider whether the connection's credential works and records what it answered. A refusal that must be
 * confirmed soon is confirmed before this returns; a grant that is refused is refreshed, and that settles it.
 * @throws {DomainError} ConnectionMissing; VaultSealed when the credential can't be opened.
 */
export async function validateConnection(shell: Shell, connectionId: string, by: Cause): Promise<void> {
  const checked = await checkOnce(shell, connectionId, by)
  if (!checked) return
  const { verdict, linked } = checked
  if (isRefreshable(linked) && isDead(verdict)) return renewAndCheck(shell, connectionId, checked, by)
  await record(shell, connectionId, checked, by)
  if (verdict.is !== 'refusedOnce' || verdict.confirmAfterMs > WAIT_AT_MOST_MS) return
  await shell.sleep(verdict.confirmAfterMs)
  const again = await checkOnce(shell, connectionId, by)
  if (again) await record(shell, connectionId, again, { ...by, commandId: uuidv7() })
}

interface Checked {
  readonly verdict: Verdict
  readonly linked: LinkedConnection
}

/** Null when a grant could not be renewed for the check: the log says so already. */
async function checkOnce(shell: Shell, connectionId: string, by: Cause): Promise<Checked | null> {
  const { organizationId } = by
  const use = { organizationId, connectionId, by, purpose: 'validate', needMs: NEED_MS } as const
  try {
    return await shell.credentials.use(use, async (credential, linked) => ({
      verdict: await checkCredential(shell, { credential, linked }, { connectionId, organizationId }),
      linked,
    }))
  } catch (error) {
    if (error instanceof DomainError && error.code === 'RefreshFailed') return null
    throw error
  }
}

/** An access token that is refused proves nothing: it may have ended. Whether a new one comes settles it. */
async function renewAndCheck(shell: Shell, connectionId: string, before: Checked, by: Cause): Promise<void> {
  const { organizationId } = by
  const version = before.linked.credentialVersion
  try {
    await shell.credentials.refresh({ organizationId, connectionId, by, version })
  } catch (error) {
    if (error instanceof DomainError && error.code === 'RefreshFailed') return
    throw error
  }
  let checked = await checkOnce(shell, connectionId, by)
  if (checked && isDead(checked.verdict)) {
    await shell.sleep(FRESH_PAUSE_MS)
    checked = await checkOnce(shell, connectionId, by)
  }
  if (checked) await record(shell, connectionId, checked, { ...by, commandId: uuidv7() })
}

function isRefreshable({ credential }: LinkedConnection): boolean {
  return credential.kind === 'oauth' && credential.refreshable
}

function isDead(verdict: Verdict): boolean {
  return verdict.is !== 'unanswered' && DEAD.has(verdict.reason)
}

async function record(shell: Shell, connectionId: string, { verdict, linked }: Checked, by: Cause): Promise<void> {
  const { credentialVersion } = linked
  const at = shell.clock()
  await executeOnConnection(
    shell,
    connectionId,
    { type: 'RecordValidation', verdict, credentialVersion, at, jitter: Math.random() },
    by,
    { request: { validate: connectionId } },
  )
}
