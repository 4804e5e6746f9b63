import { DomainError } from '@git-connections/events'
import { buildAuthorizationUrl, calculatePKCECodeChallenge, genericGrantRequest } from 'openid-client'
import type { Fetch } from '../conversation.ts'
import type { GitHubUrls } from '../github/address.ts'
import { configurationOf, type OAuthApplication, titleOf } from './application.ts'
import type { GrantOutcome, Revocation } from './grant.ts'
import { judgeGrant } from './judge-grant.ts'
import { type HeldTokens, revokeAtGitHub, revokeAtGitLab } from './revocation.ts'
import { askOnce } from './wire.ts'

/** Where a person is sent to allow access. */
export interface AuthorizationRequest {
  /** Where the provider sends the person back to, as it is registered there. */
  readonly redirectUri: string
  /** Comes back with the person; a guess at it must be hopeless. */
  readonly state: string
  /** The PKCE verifier (43 to 128 characters); only its hash leaves. */
  readonly verifier: string
  /** None lets the provider choose: GitHub what was granted before, GitLab everything. A GitHub App asks for none. */
  readonly scopes: readonly string[]
  /** Lets the person choose another account than the one they are signed in with; GitHub only. */
  readonly selectAccount?: boolean
}

/** The OAuth of the providers: asking people for access, taking, renewing and ending it. */
export interface OAuthClient {
  /**
   * The address at which a person allows access.
   * @throws {DomainError} InputInvalid (field `baseUrl`) where it would be plain http to a host that nobody trusts.
   */
  readonly authorizationUrl: (app: OAuthApplication, request: AuthorizationRequest) => Promise<string>
  /** Takes tokens for the code that a person came back with. Never throws for what the outside world does. */
  readonly exchange: (
    app: OAuthApplication,
    returned: { readonly code: string; readonly redirectUri: string; readonly verifier: string },
  ) => Promise<GrantOutcome>
  /**
   * Takes new tokens for a refresh token, which ends it and the access token beside it. Where the provider names no new
   * refresh token, the old one stays and is in the outcome. Never throws for what the outside world does.
   */
  readonly refresh: (app: OAuthApplication, refreshToken: string) => Promise<GrantOutcome>
  /**
   * Ends tokens at the provider. GitHub is told the access token alone: where that has come to its end already, there is
   * nothing left to end, and a refresh token beside it goes on until its own.
   * Never throws for what the outside world does.
   */
  readonly revoke: (app: OAuthApplication, tokens: HeldTokens) => Promise<Revocation>
}

/**
 * Makes the client. `trusted` says where plain http may be used (nowhere without it); `fetch` must hold to that too.
 * No message, call or error of it holds a secret.
 */
export function createOAuthClient(options: {
  readonly fetch: Fetch
  readonly clock: () => Date
  readonly trusted?: (url: URL) => boolean
  readonly github: GitHubUrls
}): OAuthClient {
  const { clock } = options
  const world = { ...options, trusted: options.trusted ?? (() => false) }

  async function grant(
    app: OAuthApplication,
    shown: { readonly type: string; readonly fields: Record<string, string>; readonly refreshToken: string | null },
    secrets: readonly string[],
  ): Promise<GrantOutcome> {
    const askedAt = clock()
    const about = { provider: app.provider, secrets: [app.clientSecret, ...secrets] }
    const { answer, call } = await askOnce(world, about, (wire) =>
      genericGrantRequest(configurationOf(app, wire), shown.type, shown.fields),
    )
    const { refreshToken } = shown
    return { ...judgeGrant(answer, { ...about, refreshToken, askedAt, now: clock() }), call }
  }

  return {
    authorizationUrl: async (app, request) => {
      const url = new URL(app.baseUrl)
      if (url.protocol !== 'https:' && !world.trusted(url)) {
        throw new DomainError(
          'InputInvalid',
          `People cannot be sent to ${titleOf[app.provider]} over http://. Use https://, or ask the operator to name the host in TRUSTED_HOSTS.`,
          { field: 'baseUrl' },
        )
      }
      const { redirectUri, state, verifier, scopes, selectAccount = false } = request
      return buildAuthorizationUrl(configurationOf(app, world.fetch), {
        ...{ redirect_uri: redirectUri, state },
        ...{ code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
        ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
        ...(selectAccount && app.provider === 'github' ? { prompt: 'select_account' } : {}),
      }).href
    },
    exchange: (app, { code, redirectUri, verifier }) => {
      const fields = { code, redirect_uri: redirectUri, code_verifier: verifier }
      return grant(app, { type: 'authorization_code', fields, refreshToken: null }, [code, verifier])
    },
    refresh: (app, refreshToken) =>
      grant(app, { type: 'refresh_token', fields: { refresh_token: refreshToken }, refreshToken }, [refreshToken]),
    revoke: (app, tokens) =>
      app.provider === 'github' ? revokeAtGitHub(world, app, tokens) : revokeAtGitLab(world, app, tokens),
  }
}
