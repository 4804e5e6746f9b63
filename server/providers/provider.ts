import type { LinkedConnection, ProviderName, Verdict } from '@git-connections/events'
import type { AppCapability } from './app.ts'
import type { BranchPage, PageAsked, RepositoryFound, RepositoryName, RepositoryPage } from './listed.ts'
import type { TransportFailure } from './transport/failure.ts'

/** What a pasted token looks like, told before any call. */
export type Recognition =
  /** `kind` in words ("classic personal access token"); `warning` is null unless the form is unusual. */
  | { is: 'token'; token: string; kind: string; warning: string | null }
  /** It can't be a token of this provider: what it is and what to do. */
  | { is: 'refused'; message: string }

/** What was known of the connection before this check; decides what an unspecific refusal means. */
export interface Prior {
  /** Whether this credential was ever seen to work. */
  readonly worked: boolean
  readonly status: LinkedConnection['status']
  readonly expiresAt: Date | null
  /** Since when checks have gone unanswered; null when the last one was answered. */
  readonly unansweredSince: Date | null
  /** Other connections to this host whose working credential was refused in the last ten minutes. */
  readonly othersRefusedLately: number
}

/** Prior of a credential that is new to us. */
export const firstCheck: Prior = {
  worked: false,
  status: 'pending',
  expiresAt: null,
  unansweredSince: null,
  othersRefusedLately: 0,
}

/** What an address turned out to be. Of what is not the provider nothing is kept: whoever asks need not know it. */
export type Identity =
  /** The provider; `version` is null where it does not tell. */
  | { readonly is: 'itself'; readonly version: string | null }
  /** Something answered: in other words, with a redirect, or that it can't answer now. */
  | { readonly is: 'other' | 'elsewhere' | 'failing' }
  | { readonly is: 'none'; readonly failure: TransportFailure }

/** One provider of git hosting; GitHub and GitLab implement it, each in its folder. */
export interface Provider {
  readonly name: ProviderName
  /**
   * Makes the web root of an instance from what a person typed or pasted (blank: the provider's own), without an end
   * slash.
   * @throws {DomainError} InputInvalid (field `baseUrl`) with what is wrong and the mend.
   */
  readonly normaliseBaseUrl: (typed: string | undefined) => string
  /** Asks an address, as a stranger or with a token, whether it is this provider, and which version. Never throws. */
  readonly identify: (baseUrl: string, asking: { signal: AbortSignal; token?: string }) => Promise<Identity>
  readonly recogniseToken: (paste: string) => Recognition
  /**
   * Asks the provider about a token (a pasted one unless told `oauth`): who, which scopes, until when, which repositories, whether git may clone.
   * Never throws for what the outside world does; each outcome is a verdict with its evidence.
   */
  readonly checkToken: (
    token: string,
    instance: { baseUrl: string; prior: Prior; kind?: 'token' | 'oauth'; signal?: AbortSignal },
  ) => Promise<Verdict>
  /** A page of the repositories that a token reaches; never throws for what the outside world does. */
  readonly listRepositories: (token: string, asked: PageAsked) => Promise<RepositoryPage>
  /** A page of the branches of a repository; never throws for what the outside world does. */
  readonly listBranches: (
    token: string,
    of: { baseUrl: string; repositoryId: string; fullName: string; place: string | null },
  ) => Promise<BranchPage>
  /** One repository as a token sees it now, renamed ones too; never throws for what the outside world does. */
  readonly findRepository: (token: string, of: { baseUrl: string; named: RepositoryName }) => Promise<RepositoryFound>
  /** What it does with Apps; absent where the provider has none. */
  readonly app?: AppCapability
}
