import type { LinkedConnection } from '@git-connections/events'
import type { ConnectionKey } from '../broker/lease.ts'
import type { Cause } from '../commands/cause.ts'
import type { RepositoryFound, RepositoryName } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'

/** A call and the one to where a repository has moved. */
const CALL_MS = 60_000

/**
 * Asks the provider for one repository as a connection sees it now.
 * @throws {DomainError} what the broker throws when it has no token to ask with.
 */
export function askFor(
  shell: Pick<Shell, 'reach' | 'credentials'>,
  { key, linked, named }: { key: ConnectionKey; linked: LinkedConnection; named: RepositoryName },
  by: Cause,
): Promise<RepositoryFound> {
  const { findRepository } = shell.reach(linked.certificateAuthority).providers[linked.provider]
  const refused = (found: RepositoryFound) => found.is === 'stopped' && found.unauthorized
  return shell.credentials.useToken({ ...key, by, purpose: 'list', needMs: CALL_MS, refused }, ({ token }) =>
    findRepository(token, { baseUrl: linked.baseUrl, named }),
  )
}
