import type { ProviderName } from '@git-connections/events'
import type { BarredReason } from '../providers/listed.ts'
import type { OutsideWorld } from '../providers/reach.ts'
import type { Use } from './uses.ts'

const AT_ONCE = 4

const barred: Readonly<Record<BarredReason, string>> = {
  notFound: 'It is not there, or hidden from this connection.',
  singleSignOn: 'Its organization asks for single sign-on; authorize the token for it at the provider.',
  oauthRestricted: 'Its organization lets in only the OAuth Apps that it approved; ask one of its owners.',
  forbidden: 'This connection may not read it.',
  blocked: 'The provider has shut it for everybody.',
  noCode: 'It has no code.',
}

/** What came of trying a repository and its branch with a credential. */
export interface Tried extends Use {
  /** `unknown` where the provider could not be asked: that is no answer. */
  readonly outcome: 'works' | 'fails' | 'unknown'
  /** As it is called now. */
  readonly fullName: string
  /** What was seen. */
  readonly message: string
  /** What it fails by: the credential itself, its reach, or the branch, which is gone for everybody. */
  readonly failure: 'credential' | 'reach' | 'branch' | null
}
type Outcome = Pick<Tried, 'outcome' | 'fullName' | 'message' | 'failure'>

/** A credential in the clear, and the instance that it is for. */
export interface Trying {
  readonly provider: ProviderName
  readonly baseUrl: string
  readonly username: string
  readonly token: string
}

/**
 * Tries each repository and branch as a deployment would: asks the API for the repository, then git for the branch.
 * Outcomes in the order of `uses`; never throws for what the outside world does.
 */
export async function tryRepositories(world: OutsideWorld, trying: Trying, uses: readonly Use[]): Promise<Tried[]> {
  const known = new Map<string, Promise<Outcome>>()
  const results: Tried[] = []
  const waiting = uses.entries()
  const work = async () => {
    for (const [index, use] of waiting) {
      const key = `${use.repositoryId} ${use.branch}`
      const trial = known.get(key) ?? tryOne(world, trying, use)
      known.set(key, trial)
      results[index] = { ...use, ...(await trial) }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}

async function tryOne(
  { providers, lsRemote }: OutsideWorld,
  { provider, baseUrl, username, token }: Trying,
  { repositoryId, fullName, branch }: Use,
): Promise<Outcome> {
  const found = await providers[provider].findRepository(token, { baseUrl, named: { id: repositoryId } })
  if (found.is === 'stopped') {
    const { unauthorized, message } = found
    return unauthorized
      ? { outcome: 'fails', fullName, message, failure: 'credential' }
      : { outcome: 'unknown', fullName, message, failure: null }
  }
  if (found.is === 'barred') {
    const message = `${barred[found.reason]} ${found.message}`
    return { outcome: 'fails', fullName, message, failure: 'reach' }
  }
  const { repository } = found
  const seen = await lsRemote({ url: `${repository.url}.git`, username, password: token, branch })
  const named = (outcome: Tried['outcome'], message: string, failure: Tried['failure'] = null): Outcome => {
    return { outcome, fullName: repository.fullName, message, failure }
  }
  switch (seen.kind) {
    case 'ok':
      return named('works', `git read the branch ${branch}.`)
    case 'refused':
      if (seen.reason === 'no-branch') return named('fails', `It has no branch ${branch} any more.`, 'branch')
      return named('fails', seen.text, seen.reason === 'credential' ? 'credential' : 'reach')
    case 'no-git':
      return named('works', `It is reached; its branch was not tried: ${seen.text}`)
    case 'unreachable':
      return named('unknown', seen.text)
  }
}
