import type { SimulatedClock } from '../clock.ts'

const MINUTE = 60_000

/** The middleware's limit of calls a minute. Self-hosted instances have none until an administrator sets one. */
export class Throttle {
  /** Calls a minute for one caller; null for no limit. */
  perMinute: number | null = null
  readonly #clock: SimulatedClock
  readonly #seen = new Map<string, { count: number; endsAt: number }>()

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  clear(): void {
    this.perMinute = null
    this.#seen.clear()
  }

  /** Counts one call; gives the answer 429 when there were too many. */
  spend(caller: string | null): Response | null {
    if (this.perMinute === null) return null
    const window = this.#window(caller)
    window.count += 1
    if (window.count <= this.perMinute) return null
    return retryLater(window.endsAt, this.#clock.now(), this.headers(caller))
  }

  headers(caller: string | null): Record<string, string> {
    if (this.perMinute === null) return {}
    const { count, endsAt } = this.#window(caller)
    return throttleHeaders(this.perMinute, count, endsAt)
  }

  #window(caller: string | null): { count: number; endsAt: number } {
    const now = this.#clock.now().getTime()
    const known = this.#seen.get(String(caller))
    if (known && known.endsAt > now) return known
    const fresh = { count: 0, endsAt: (Math.floor(now / MINUTE) + 1) * MINUTE }
    this.#seen.set(String(caller), fresh)
    return fresh
  }
}

export function throttleHeaders(limit: number, observed: number, endsAt: number): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-name': 'throttle_authenticated_api',
    'ratelimit-observed': String(observed),
    'ratelimit-remaining': String(Math.max(0, limit - observed)),
    'ratelimit-reset': String(Math.ceil(endsAt / 1000)),
  }
}

/** The middleware's own refusal: plain text, and the only 429 that tells when to come back. */
export function retryLater(endsAt: number, now: Date, headers: Record<string, string>): Response {
  const seconds = Math.max(1, Math.ceil((endsAt - now.getTime()) / 1000))
  return new Response('Retry later\n', {
    status: 429,
    headers: {
      'content-type': 'text/plain',
      ...headers,
      'ratelimit-resettime': new Date(endsAt).toUTCString(),
      'retry-after': String(seconds),
    },
  })
}
