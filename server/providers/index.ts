import type { ProviderName } from '@git-connections/events'
import type { Config } from '../config.ts'
import type { LsRemote } from '../git/ls-remote.ts'
import type { Fetch } from './conversation.ts'
import type { Pause } from './fresh-token.ts'
import { createGitHub } from './github/github.ts'
import { createGitLab } from './gitlab/gitlab.ts'
import { createOAuthClient, type OAuthClient } from './oauth/oauth-client.ts'
import type { Provider } from './provider.ts'
import type { TrustedHosts } from './transport/trusted-hosts.ts'

/** Makes all providers; adding one is one line. */
export function createProviders(world: {
  readonly fetch: Fetch
  readonly lsRemote: LsRemote
  readonly clock: () => Date
  readonly config: Pick<Config, 'githubUrl' | 'githubApiUrl' | 'gitlabUrl'>
  readonly trusted: TrustedHosts
  /** Waits before a fresh token is tried again; by the system's clock where none is given. */
  readonly pause?: Pause | undefined
}): Record<ProviderName, Provider> {
  const { fetch, lsRemote, clock, pause, config } = world
  const shared = { fetch, lsRemote, clock, trusted: world.trusted.includes }
  const github = createGitHub({ ...shared, pause, url: config.githubUrl, apiUrl: config.githubApiUrl })
  const gitlab = createGitLab({ ...shared, url: config.gitlabUrl })
  return { github, gitlab } satisfies Record<ProviderName, Provider>
}

/** Makes the client of the providers' OAuth. */
export function createOAuth(world: {
  readonly fetch: Fetch
  readonly clock: () => Date
  readonly config: Pick<Config, 'githubUrl' | 'githubApiUrl'>
  readonly trusted: TrustedHosts
}): OAuthClient {
  const { fetch, clock, config } = world
  const github = { url: config.githubUrl, apiUrl: config.githubApiUrl }
  return createOAuthClient({ fetch, clock, github, trusted: world.trusted.includes })
}
