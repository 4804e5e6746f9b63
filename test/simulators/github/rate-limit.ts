import type { SimulatedClock } from '../clock.ts'
import { Refusal } from './answers.ts'

const HOUR = 3600_000

/** What is left of somebody's hour. */
export type Allowance = {
  readonly limit: number
  readonly used: number
  readonly remaining: number
  readonly reset: number
}

/** Requests an hour, counted per user or installation; every token of one draws from the same allowance. */
export class RateLimit {
  /** Requests an hour for a signed-in user; null turns the limit off, as on GitHub Enterprise Server. */
  perHour: number | null
  anonymousPerHour = 60
  /** GitHub answers either. */
  status: 403 | 429 = 403
  readonly #initially: number | null
  readonly #clock: SimulatedClock
  readonly #used = new Map<string, { used: number; endsAt: number }>()

  constructor(clock: SimulatedClock, perHour: number | null) {
    this.#clock = clock
    this.#initially = perHour
    this.perHour = perHour
  }

  clear(): void {
    this.#used.clear()
    this.perHour = this.#initially
    this.status = 403
  }

  /**
   * Counts one request.
   * @throws {Refusal} when the hour's allowance is used up
   */
  spend(payer: string | null): void {
    if (this.perHour === null) return
    const window = this.#window(payer)
    if (window.used >= this.#limit(payer)) {
      throw new Refusal(this.status, `API rate limit exceeded for ${payer ?? '127.0.0.1'}.`)
    }
    window.used += 1
  }

  /** Takes one back: an answer 304 costs nothing. */
  refund(payer: string | null): void {
    const window = this.#window(payer)
    window.used = Math.max(0, window.used - 1)
  }

  allowance(payer: string | null): Allowance {
    const limit = this.#limit(payer)
    const { used, endsAt } = this.#window(payer)
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(endsAt / 1000) }
  }

  headers(payer: string | null): Record<string, string> {
    if (this.perHour === null) return {}
    const { limit, used, remaining, reset } = this.allowance(payer)
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-used': String(used),
      'x-ratelimit-resource': 'core',
    }
  }

  #limit(payer: string | null): number {
    return payer === null ? this.anonymousPerHour : (this.perHour ?? 5000)
  }

  #window(payer: string | null): { used: number; endsAt: number } {
    const key = String(payer)
    const now = this.#clock.now().getTime()
    const known = this.#used.get(key)
    if (known && known.endsAt > now) return known
    const fresh = { used: 0, endsAt: now + HOUR }
    this.#used.set(key, fresh)
    return fresh
  }
}
