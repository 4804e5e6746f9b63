import type { LsRemote } from '../../git/ls-remote.ts'
import { type BaseUrlRules, normaliseBaseUrl } from '../base-url.ts'
import type { Fetch } from '../conversation.ts'
import type { Provider } from '../provider.ts'
import { apiUrlOf, githubRoot } from './address.ts'
import { checkToken } from './check-token.ts'
import { recogniseGitHubToken } from './token-paste.ts'

/** GitHub: github.com, GitHub Enterprise Server and ghe.com. */
export function createGitHub(world: {
  readonly fetch: Fetch
  readonly lsRemote: LsRemote
  readonly clock: () => Date
  readonly trusted: (url: URL) => boolean
  readonly url: string
  readonly apiUrl: string
}): Provider {
  const rules: BaseUrlRules = {
    provider: 'GitHub',
    standard: world.url,
    trusted: world.trusted,
    // GitHub is never below a path; what follows the host is a page of it.
    rootPath: () => '',
  }
  return {
    name: 'github',
    normaliseBaseUrl: (typed) => githubRoot(normaliseBaseUrl(typed, rules), world),
    recogniseToken: recogniseGitHubToken,
    checkToken: (token, instance) =>
      checkToken(world, token, { ...instance, apiUrl: apiUrlOf(instance.baseUrl, world) }),
  }
}
