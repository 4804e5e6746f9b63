import { DomainError } from '@git-connections/events'
import { takeProbe } from '../probe/allowance.ts'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { checkCredential } from './check-credential.ts'
import { readLinked } from './connection.ts'
import { goTheWay, type Showing, type WayTo } from './probe-instance.ts'

/** The longest that looking at a credential takes. */
const NEED_MS = 60_000
/** A grant that could not be renewed, or not now: the way ends there, and that is what was asked. */
const NOT_RENEWED: ReadonlySet<string> = new Set(['RefreshFailed', 'CredentialUnchecked'])

/**
 * Goes the way to a connection's instance with its own credential and certificate authority, and tells at which step it
 * ends. Its status stays as it is; a grant that would end during the look is renewed before.
 * @throws {DomainError} ConnectionMissing; TooManyProbes; VaultSealed when the credential can't be opened.
 */
export async function probeConnection(shell: Shell, connectionId: string, by: Cause): Promise<WayTo> {
  const { organizationId } = by
  const linked = await readLinked(shell, connectionId, by)
  await takeProbe(shell.db, organizationId, shell.clock())
  return goTheWay(shell, linked, async (signal) => {
    const use = { organizationId, connectionId, by, purpose: 'probe', needMs: NEED_MS } as const
    try {
      return await shell.credentials.use(use, async (credential, now): Promise<Showing> => {
        const verdict = await checkCredential(
          shell,
          { credential, linked: now },
          { organizationId, connectionId, signal },
        )
        const shown = { is: 'judged', verdict } as const
        if (credential.kind === 'githubApp' || !verdict.evidence.account) return { shown }
        const own = shell.reach(now.certificateAuthority).providers[now.provider]
        return { shown, identity: await own.identify(now.baseUrl, { signal, token: credential.token }) }
      })
    } catch (error) {
      if (!(error instanceof DomainError) || !NOT_RENEWED.has(error.code)) throw error
      return { shown: { is: 'ended', message: error.message } }
    }
  })
}
