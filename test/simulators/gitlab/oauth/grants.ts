import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { Consent } from '../../consent.ts'
import type { GitLabToken } from '../declare.ts'
import type { GitLabWorld } from '../world.ts'
import { type Application, type applicationSchema, registered } from './application.ts'

const CODE_LIFE = 10 * 60_000

/** What somebody agreed to on the consent page, until it is exchanged for a token. */
export type Code = {
  readonly application: Application
  readonly user: string
  readonly scopes: readonly string[]
  readonly redirectUri: string
  /** The S256 challenge that the exchange must answer; null where none was sent. */
  readonly challenge: string | null
  readonly endsAt: number
  /** The token that it was exchanged for. */
  issued: GitLabToken | null
}

/** The OAuth applications of an instance, and what people granted them. */
export class Grants {
  readonly consent = new Consent()
  readonly applications = new Map<string, Application>()
  readonly #world: GitLabWorld
  readonly #codes = new Map<string, Code>()

  constructor(world: GitLabWorld) {
    this.#world = world
  }

  clear(): void {
    this.consent.clear()
    this.applications.clear()
    this.#codes.clear()
  }

  register(input: z.output<typeof applicationSchema>): Application {
    const application = registered(input)
    this.applications.set(application.uid, application)
    return application
  }

  /** @throws {Error} when there is no such application */
  require(uid: string): Application {
    const application = this.applications.get(uid)
    if (!application) throw new Error('No such application at the simulated GitLab.')
    return application
  }

  /** Deletes an application, and the rows of its tokens with it: nothing tells any more what they were. */
  remove(uid: string): void {
    this.applications.delete(this.require(uid).uid)
    for (const { token } of this.#tokensOf(uid)) this.#world.tokens.delete(token)
    for (const [code, { application }] of this.#codes) if (application.uid === uid) this.#codes.delete(code)
  }

  /** Somebody takes back what they granted an application. */
  withdraw(uid: string, username: string): void {
    for (const token of this.#tokensOf(uid)) if (token.user === username) token.revoked = true
  }

  agree(agreed: Omit<Code, 'endsAt' | 'issued'>): string {
    const code = randomBytes(32).toString('hex')
    this.#codes.set(code, { ...agreed, endsAt: this.#world.clock.now().getTime() + CODE_LIFE, issued: null })
    return code
  }

  code(code: string): Code | undefined {
    return this.#codes.get(code)
  }

  /** The one row that holds an access token and what renews it. */
  issue({ uid }: Application, user: string, scopes: readonly string[]): GitLabToken {
    const refreshToken = randomBytes(32).toString('hex')
    const token = this.#world.addToken({ kind: 'oauth', user, scopes: [...scopes], application: uid, refreshToken })
    this.#world.lag.begin(token.token)
    return token
  }

  byRefreshToken(refreshToken: string): GitLabToken | undefined {
    return this.#world.tokens.values().find((token) => token.refreshToken === refreshToken)
  }

  /** The row that an access or refresh token stands in. */
  byEither(secret: string): GitLabToken | undefined {
    const token = this.#world.tokens.get(secret)
    return token?.kind === 'oauth' ? token : this.byRefreshToken(secret)
  }

  #tokensOf(uid: string): GitLabToken[] {
    return [...this.#world.tokens.values()].filter(({ application }) => application === uid)
  }
}
