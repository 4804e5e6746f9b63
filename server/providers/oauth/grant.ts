import type { Call } from '@git-connections/events'

/** What a provider grants: an access token, and perhaps what renews it. */
export interface TokenSet {
  readonly accessToken: string
  /** Null when the provider gives none: the access token is all there is. */
  readonly refreshToken: string | null
  /** Null when the provider names none; a GitHub App's token has permissions instead. */
  readonly scopes: readonly string[] | null
  /** The access token's end; null when it has none, or none that can be believed. */
  readonly expiresAt: Date | null
  /** The refresh token's end; null when it has none, or when the refresh token is the one that was shown. */
  readonly refreshExpiresAt: Date | null
}

/** What came of asking for tokens, as far as it can be known. */
export type Grant =
  | { readonly is: 'granted'; readonly tokens: TokenSet }
  | {
      /** A definite no. */
      readonly is: 'refused'
      /**
       * `grant`: the code or refresh token is dead. `client`: our application's settings. `user`: the person or their
       * account at the provider.
       */
      readonly fault: 'grant' | 'client' | 'user'
      /** The provider's own word, such as `bad_refresh_token`. */
      readonly code: string
      readonly message: string
    }
  | {
      /** The provider certainly did not act. */
      readonly is: 'notDone'
      readonly message: string
      /** How long the provider asks to wait; null when it names no time. */
      readonly retryAfterMs: number | null
    }
  /** It may or may not have acted: a code may be used, a refresh token may be replaced. */
  | { readonly is: 'unknown'; readonly message: string }

/** A grant with the call that brought it. Only `tokens` holds a secret. */
export type GrantOutcome = Grant & { readonly call: Call }

/** What came of ending tokens at the provider. */
export interface Revocation {
  readonly is: 'revoked' | 'notRevoked'
  readonly message: string
  /** The call that decided; the first that failed, where GitLab was asked twice. */
  readonly call: Call
}
