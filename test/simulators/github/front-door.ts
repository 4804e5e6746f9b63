import type { SimulatedClock } from '../clock.ts'
import type { ShownCredential } from '../recording.ts'
import { badCredentials, lockedOut, suspendedAccount, suspendedInstallation } from './answers.ts'
import type { GitHubToken, GitHubUser } from './declare.ts'
import type { GitHubWorld } from './world.ts'

/** Somebody whose token was accepted; for an installation's token that is its App's bot. */
export type SignedIn = { readonly token: GitHubToken; readonly user: GitHubUser }

/** Who asks; both null for somebody who showed no credential. */
export type Viewer = SignedIn | { readonly token: null; readonly user: null }

export const ANONYMOUS: Viewer = { token: null, user: null }

/** Tells who shows a credential, and locks the door after too many wrong ones. */
export class FrontDoor {
  /** How many wrong credentials close the door, also to right ones; null never does. */
  lockAfter: number | null = null
  lockMinutes = 60
  readonly #world: GitHubWorld
  readonly #clock: SimulatedClock
  #failures = 0
  #lockedUntil = 0

  constructor(world: GitHubWorld, clock: SimulatedClock) {
    this.#world = world
    this.#clock = clock
  }

  clear(): void {
    this.lockAfter = null
    this.lockMinutes = 60
    this.#failures = 0
    this.#lockedUntil = 0
  }

  /**
   * @throws {Refusal} for a credential that is unknown, expired or revoked (one and the same answer), while the door is
   * locked, and for a suspended account
   */
  admit(shown: ShownCredential | null): Viewer {
    if (shown === null) return ANONYMOUS
    const now = this.#clock.now().getTime()
    if (now < this.#lockedUntil) throw lockedOut()
    const token = this.liveToken(shown)
    if (!token) {
      this.#failures += 1
      if (this.lockAfter !== null && this.#failures >= this.lockAfter) {
        this.#lockedUntil = now + this.lockMinutes * 60_000
        this.#failures = 0
      }
      throw badCredentials()
    }
    const user = this.#world.requireUser(token.user)
    if (user.suspended) throw suspendedAccount()
    const installation = token.installation === null ? null : this.#world.apps.installations.get(token.installation)
    if (installation?.suspendedAt) throw suspendedInstallation()
    return { token, user }
  }

  /** The token that was shown, where it opens anything at this moment; null otherwise. */
  liveToken(shown: ShownCredential): GitHubToken | null {
    const token = ACCEPTED.has(shown.scheme) ? this.#world.tokens.get(shown.secret) : undefined
    if (!token || token.revoked || this.#world.lag.hides(token.token)) return null
    if (token.expiresAt !== null && token.expiresAt <= this.#clock.now()) return null
    return token
  }
}

/** Whose hourly allowance a call draws from, in the words of the refusal; null for the caller's address. */
export function payerOf({ token, user }: Viewer): string | null {
  if (!token) return null
  return token.installation === null ? `user ID ${user.id}` : `installation ID ${token.installation}`
}

const ACCEPTED = new Set(['bearer', 'token', 'basic'])
