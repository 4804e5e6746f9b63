import type { LinkedConnection } from '@git-connections/events'
import type { ConnectionKey } from '../broker/lease.ts'
import type { Shell } from '../shell.ts'
import { tryRepositories } from './try-repositories.ts'
import { readUses } from './uses.ts'

/**
 * Which repositories that projects use through a connection a new credential does not reach, by name, where the old one
 * did as far as is known. What the provider could not be asked about is no loss, nor is a branch that is gone.
 */
export async function readLosses(
  shell: Pick<Shell, 'db' | 'reach'>,
  key: ConnectionKey,
  { linked, token }: { linked: Pick<LinkedConnection, 'provider' | 'baseUrl' | 'certificateAuthority'>; token: string },
): Promise<string[]> {
  const uses = (await readUses(shell, key)).filter(({ lost }) => lost === null)
  const { provider, baseUrl } = linked
  const trying = { provider, baseUrl, username: provider === 'github' ? 'x-access-token' : 'oauth2', token }
  const tried = await tryRepositories(shell.reach(linked.certificateAuthority), trying, uses)
  return [
    ...new Set(
      tried.flatMap(({ failure, fullName }) => (failure === 'reach' || failure === 'credential' ? fullName : [])),
    ),
  ]
}
