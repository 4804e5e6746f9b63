import type { LinkedConnection, Verdict } from '@git-connections/events'
import type { OpenedCredential } from '../broker/broker.ts'
import type { ConnectionKey } from '../broker/lease.ts'
import type { Prior } from '../providers/provider.ts'
import type { Shell } from '../shell.ts'

const LATELY_MS = 10 * 60_000

/** Asks the provider about a connection's credential, while that is open. What it answers is judged, not recorded. */
export async function checkCredential(
  shell: Shell,
  { credential, linked }: { credential: OpenedCredential; linked: LinkedConnection },
  { signal, ...key }: ConnectionKey & { signal?: AbortSignal },
): Promise<Verdict> {
  const { baseUrl, provider } = linked
  const instance = { baseUrl, prior: await priorOf(shell, linked, key), ...(signal ? { signal } : {}) }
  const asked = shell.reach(linked.certificateAuthority).providers[provider]
  if (credential.kind !== 'githubApp') {
    return asked.checkToken(credential.token, { ...instance, kind: credential.kind })
  }
  if (!asked.app) throw new Error(`${provider} has no Apps`)
  return asked.app.check(credential.app, instance)
}

async function priorOf(shell: Shell, linked: LinkedConnection, key: ConnectionKey): Promise<Prior> {
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
    // A grant's end is that of its refresh token, which says nothing of the token that is asked about.
    expiresAt: linked.credential.kind === 'token' && linked.expiresAt ? new Date(linked.expiresAt) : null,
    unansweredSince: linked.unanswered ? new Date(linked.unanswered.since) : null,
    othersRefusedLately: refused?.count ?? 0,
  }
}
