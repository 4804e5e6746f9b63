/** A repository as its provider lists it. */
export interface ListedRepository {
  /** The provider's own id, which a rename or transfer keeps. */
  readonly id: string
  readonly fullName: string
  readonly url: string
  readonly private: boolean
  readonly archived: boolean
  readonly fork: boolean
  /** Null when it is empty, or its code is hidden. */
  readonly defaultBranch: string | null
  /** When it was last active, as an ISO instant; null when it never was. */
  readonly pushedAt: string | null
}

/** A list that could not be read on. */
export interface Stopped {
  readonly is: 'stopped'
  readonly message: string
  /** How long the provider asks to wait; null when it names no time. */
  readonly retryAfterMs: number | null
  /** Whether the credential itself was refused. */
  readonly unauthorized: boolean
}

/** What came of asking for one page of a list of repositories. */
export type RepositoryPage =
  | {
      readonly is: 'page'
      readonly repositories: readonly ListedRepository[]
      /** To ask by, the next time, whether it changed; null where that saves nothing. */
      readonly etag: string | null
      /** Where the next page is; null after the last. */
      readonly next: string | null
      readonly pagesInAll: number | null
      /** What the provider says it left out; null when it says nothing of it. */
      readonly incomplete: string | null
    }
  /** It holds what it held when it was asked for last. */
  | { readonly is: 'unchanged'; readonly incomplete: string | null }
  | Stopped

/** Which page of a list is asked for. */
export interface PageAsked {
  readonly baseUrl: string
  /** Whose repositories: those that a person reaches, or those that an App was installed for. */
  readonly of: 'person' | 'installation'
  /** What the page before named as the next; null for the first. */
  readonly place: string | null
  /** What it was known by when it was asked for last; null when it was not. */
  readonly etag: string | null
}

/** A branch as its provider lists it. */
export interface ListedBranch {
  readonly name: string
  readonly commit: string
  /** When its last commit was made, as an ISO instant; null where the provider does not tell. */
  readonly committedAt: string | null
}

/** What came of asking for one page of a list of branches. */
export type BranchPage =
  | { readonly is: 'page'; readonly branches: readonly ListedBranch[]; readonly next: string | null }
  | Stopped

/** How a repository is named to a provider: by its own id, or as it is called now or was called before. */
export type RepositoryName = { readonly id: string } | { readonly fullName: string }

/** Why a repository does not open to a credential that works otherwise. */
export type BarredReason =
  /** It is not there, or hidden from this credential; providers do not tell which. */
  | 'notFound'
  /** Its organization wants the token authorized for single sign-on. */
  | 'singleSignOn'
  /** Its organization lets in only the OAuth Apps that it approved. */
  | 'oauthRestricted'
  /** The credential knows it, and may not read it. */
  | 'forbidden'
  /** The provider has shut it for everybody. */
  | 'blocked'
  /** It is a project without code. */
  | 'noCode'

/** What came of asking for one repository. */
export type RepositoryFound =
  | {
      readonly is: 'found'
      readonly repository: ListedRepository
      /** Whether the account belongs to it as far as is told; what is merely open to everybody is in no list. */
      readonly member: boolean
    }
  | {
      readonly is: 'barred'
      readonly reason: BarredReason
      readonly message: string
      /** Where the remedy is, at the provider; null where there is no such place. */
      readonly remedyUrl: string | null
    }
  | Stopped
