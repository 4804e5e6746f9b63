import { DomainError, type LinkedConnection } from '@git-connections/events'
import type { AppCredential, MintedToken } from '../providers/app.ts'
import { firstCheck } from '../providers/provider.ts'
import type { BrokerWorld, CredentialUse } from './broker.ts'

/** A token is not handed out when it ends this soon after its use. */
const MARGIN_MS = 60_000
const MOST_KEPT = 10_000

type Wanted = CredentialUse & { readonly repositoryIds?: readonly string[] }

/**
 * Tokens of GitHub Apps' installations, kept in memory until shortly before they end. Each is kept under its
 * organization, connection, credential version and repositories, so none ever serves another.
 */
export function createInstallationTokens(world: Pick<BrokerWorld, 'clock' | 'reach'>) {
  const kept = new Map<string, Promise<MintedToken>>()

  async function mint(
    { app, linked }: { app: AppCredential; linked: LinkedConnection },
    repositoryIds: readonly string[] | undefined,
  ): Promise<MintedToken> {
    const capability = world.reach(linked.certificateAuthority).providers[linked.provider].app
    if (!capability) throw new Error(`${linked.provider} has no Apps`)
    const prior = { ...firstCheck, worked: linked.worked, status: linked.status }
    const of = { baseUrl: linked.baseUrl, prior, ...(repositoryIds ? { repositoryIds } : {}) }
    const minting = await capability.mint(app, of)
    if (minting.is === 'minted') return minting
    throw new DomainError(minting.is === 'unanswered' ? 'CredentialUnchecked' : 'CredentialRefused', minting.message)
  }

  return {
    /**
     * A token that lasts for the use, and whether it was made for it. The one that the provider `refused` is dropped:
     * whoever suspends or removes an installation ends the tokens that it gave.
     */
    async get(
      wanted: Wanted,
      of: { app: AppCredential; linked: LinkedConnection },
      refused: string | null = null,
    ): Promise<{ token: string; isNew: boolean }> {
      const { organizationId, connectionId, repositoryIds, needMs } = wanted
      const repositories = repositoryIds ? [...repositoryIds].sort().join(',') : 'all'
      const key = `${organizationId}/${connectionId}/${of.linked.credentialVersion}/${repositories}`
      for (let seen = kept.get(key); seen; seen = kept.get(key)) {
        const known = await seen.catch(() => null)
        const lastsUntil = world.clock().getTime() + needMs + MARGIN_MS
        if (known && known.token !== refused && known.expiresAt.getTime() >= lastsUntil)
          return { token: known.token, isNew: false }
        // Somebody else may have asked for another one meanwhile.
        if (kept.get(key) === seen) break
      }
      const minting = mint(of, repositoryIds)
      kept.set(key, minting)
      minting.catch(() => kept.get(key) === minting && kept.delete(key))
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? key)
      return { token: (await minting).token, isNew: true }
    },
  }
}
