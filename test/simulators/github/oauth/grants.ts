import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { Consent } from '../../consent.ts'
import type { GitHubToken, GitHubUser } from '../declare.ts'
import { mintRefreshToken } from '../tokens.ts'
import type { GitHubWorld } from '../world.ts'
import { type OAuthClient, oauthApp, type oauthAppSchema } from './client.ts'
import { normalized } from './scopes.ts'

const CODE_LIFE = 10 * 60_000
/** Eight hours, and six months. */
export const ACCESS_SECONDS = 28_800
export const REFRESH_SECONDS = 15_897_600
/** Of one person, for one client and the same scopes. */
const MOST_TOKENS = 10

/** What somebody agreed to on the consent page, until it is exchanged for a token. */
type Code = {
  readonly client: OAuthClient
  readonly user: GitHubUser
  readonly scopes: readonly string[]
  readonly redirectUri: string
  /** The S256 challenge that the exchange must answer; null where none was sent. */
  readonly challenge: string | null
  readonly endsAt: number
}

/** What renews an access token, once. */
type RefreshToken = { readonly token: string; readonly access: GitHubToken; endsAt: number; spent: boolean }

/** A pair of tokens as it is handed out; OAuth Apps get no refresh token. */
export type Pair = { readonly access: GitHubToken; readonly refresh: RefreshToken | null }

/** The OAuth Apps and GitHub Apps that ask people, and what people granted them. */
export class Grants {
  readonly consent = new Consent()
  readonly clients = new Map<string, OAuthClient>()
  readonly #world: GitHubWorld
  readonly #codes = new Map<string, Code>()
  readonly #refreshTokens = new Map<string, RefreshToken>()

  constructor(world: GitHubWorld) {
    this.#world = world
  }

  clear(): void {
    this.consent.clear()
    for (const things of [this.clients, this.#codes, this.#refreshTokens]) things.clear()
  }

  addOAuthApp(input: z.output<typeof oauthAppSchema>): OAuthClient {
    const client = oauthApp(input)
    this.clients.set(client.clientId, client)
    return client
  }

  /** @throws {Error} when there is no such client */
  requireClient(clientId: string): OAuthClient {
    const client = this.clients.get(clientId)
    if (!client) throw new Error('No such client id at the simulated GitHub.')
    return client
  }

  agree(agreed: Omit<Code, 'endsAt'>): string {
    const code = randomBytes(10).toString('hex')
    this.#codes.set(code, { ...agreed, endsAt: this.#now() + CODE_LIFE })
    return code
  }

  /** A code that still gives something; null for one that never was, is over, or was spent. */
  code(code: string): Code | null {
    const found = this.#codes.get(code)
    return found && found.endsAt > this.#now() ? found : null
  }

  spendCode(code: string): void {
    this.#codes.delete(code)
  }

  /** A refresh token that still renews something; null for one that never was, is over, or was spent. */
  refreshToken(token: string): RefreshToken | null {
    const found = this.#refreshTokens.get(token)
    return found && !found.spent && found.endsAt > this.#now() ? found : null
  }

  /** Ends both tokens of the old pair and begins a new one. */
  renew(client: OAuthClient, old: RefreshToken): Pair {
    this.end(old.access)
    return this.issue(client, this.#world.requireUser(old.access.user), [])
  }

  issue(client: OAuthClient, user: GitHubUser, scopes: readonly string[]): Pair {
    const kind = client.kind === 'oauth-app' ? 'oauth' : 'app-user'
    const granted = kind === 'oauth' ? normalized(scopes) : []
    this.#makeRoom(client, user, granted)
    const ends = client.userTokensExpire && kind === 'app-user'
    const access = this.#world.addToken({
      kind,
      user: user.login,
      scopes: granted,
      clientId: client.clientId,
      expiresAt: ends ? new Date(this.#now() + ACCESS_SECONDS * 1000) : null,
    })
    this.#world.lag.begin(access.token)
    if (!ends) return { access, refresh: null }
    const refresh = { token: mintRefreshToken(), access, endsAt: this.#now() + REFRESH_SECONDS * 1000, spent: false }
    this.#refreshTokens.set(refresh.token, refresh)
    return { access, refresh }
  }

  /** Ends a token and whatever renews it; the two live and die together. */
  end(access: GitHubToken): void {
    access.revoked = true
    for (const refresh of this.#refreshTokens.values()) if (refresh.access === access) refresh.spent = true
  }

  /** Ends the pair that an access or refresh token belongs to; false where nobody knows it. */
  revoke(secret: string): boolean {
    const access = this.#world.tokens.get(secret) ?? this.#refreshTokens.get(secret)?.access
    if (access) this.end(access)
    return access !== undefined
  }

  /** Lets an access or refresh token come to its end now. @throws {Error} when there is no such token */
  expire(secret: string): void {
    const refresh = this.#refreshTokens.get(secret)
    if (refresh) refresh.endsAt = this.#now()
    else this.#world.requireToken(secret).expiresAt = this.#world.clock.now()
  }

  /** Ends everything that a person granted a client. */
  withdraw({ clientId }: OAuthClient, { login }: GitHubUser): void {
    for (const token of this.#world.tokens.values()) {
      if (token.clientId === clientId && token.user === login) this.end(token)
    }
    for (const [code, { client, user }] of this.#codes) {
      if (client.clientId === clientId && user.login === login) this.#codes.delete(code)
    }
  }

  /** Every scope that a person's live tokens give a client; null where they gave it nothing yet. */
  earlierScopes(client: OAuthClient, user: GitHubUser): string[] | null {
    const live = this.#liveTokens(client, user)
    return live.length === 0 ? null : normalized(live.flatMap(({ scopes }) => scopes))
  }

  #makeRoom(client: OAuthClient, user: GitHubUser, scopes: readonly string[]): void {
    const same = this.#liveTokens(client, user).filter((token) => token.scopes.join(' ') === scopes.join(' '))
    for (const token of same.slice(0, Math.max(0, same.length - MOST_TOKENS + 1))) this.end(token)
  }

  /** In the order in which they were made. */
  #liveTokens({ clientId }: OAuthClient, { login }: GitHubUser): GitHubToken[] {
    return [...this.#world.tokens.values()].filter(
      (token) => token.clientId === clientId && token.user === login && !token.revoked,
    )
  }

  #now(): number {
    return this.#world.clock.now().getTime()
  }
}
