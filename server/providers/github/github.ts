import type { LsRemote } from '../../git/ls-remote.ts'
import { type BaseUrlRules, normaliseBaseUrl } from '../base-url.ts'
import type { Fetch } from '../conversation.ts'
import type { Pause } from '../fresh-token.ts'
import type { Provider } from '../provider.ts'
import { apiUrlOf, githubRoot } from './address.ts'
import { readAppIds } from './app-ids.ts'
import { readAppKey } from './app-key.ts'
import { mintInstallationToken } from './app-token.ts'
import { checkApp } from './check-app.ts'
import { checkToken } from './check-token.ts'
import { findRepository } from './find-repository.ts'
import { identifyGitHub } from './identity.ts'
import { listBranches } from './list-branches.ts'
import { listRepositories } from './list-repositories.ts'
import { recogniseGitHubToken } from './token-paste.ts'

/** GitHub: github.com, GitHub Enterprise Server and ghe.com. */
export function createGitHub(world: {
  readonly fetch: Fetch
  readonly lsRemote: LsRemote
  readonly clock: () => Date
  readonly trusted: (url: URL) => boolean
  readonly url: string
  readonly apiUrl: string
  readonly pause?: Pause | undefined
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
    identify: (baseUrl, { signal }) => identifyGitHub(world.fetch, { apiUrl: apiUrlOf(baseUrl, world), signal }),
    recogniseToken: recogniseGitHubToken,
    checkToken: (token, instance) =>
      checkToken(world, token, { ...instance, apiUrl: apiUrlOf(instance.baseUrl, world) }),
    listRepositories: (token, listing) =>
      listRepositories(world, token, { ...listing, apiUrl: apiUrlOf(listing.baseUrl, world) }),
    findRepository: (token, of) => findRepository(world, token, { ...of, apiUrl: apiUrlOf(of.baseUrl, world) }),
    listBranches: (token, of) => listBranches(world, token, { ...of, apiUrl: apiUrlOf(of.baseUrl, world) }),
    app: {
      readKey: readAppKey,
      readIds: (typed, baseUrl) => readAppIds(typed, { baseUrl, rootOf: (origin) => githubRoot(origin, world) }),
      check: (app, instance) => checkApp(world, app, { ...instance, apiUrl: apiUrlOf(instance.baseUrl, world) }),
      mint: (app, instance) =>
        mintInstallationToken(world, app, { ...instance, apiUrl: apiUrlOf(instance.baseUrl, world) }),
    },
  }
}
