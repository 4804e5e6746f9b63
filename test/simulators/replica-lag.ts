import { z } from 'zod'
import type { SimulatedClock } from './clock.ts'

/** How long a fresh credential is unknown to the machines that are asked: by the clock, in requests, or both. */
export const lagSchema = z.object({
  milliseconds: z.int().nonnegative().default(0),
  requests: z.int().nonnegative().default(0),
})

/** A provider's replicas learn of a fresh credential late: for a while they refuse it as they do an unknown one. */
export class ReplicaLag {
  readonly #clock: SimulatedClock
  readonly #unknown = new Map<string, { until: number; requests: number }>()
  #lag = lagSchema.parse({})

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  /** For the credentials that are made from now on. */
  set(lag: z.output<typeof lagSchema>): void {
    this.#lag = lag
  }

  clear(): void {
    this.#lag = lagSchema.parse({})
    this.#unknown.clear()
  }

  begin(credential: string): void {
    const { milliseconds, requests } = this.#lag
    this.#unknown.set(credential, { until: this.#clock.now().getTime() + milliseconds, requests })
  }

  /** True while the credential is not known yet; counts a request. */
  hides(credential: string): boolean {
    const unknown = this.#unknown.get(credential)
    if (!unknown) return false
    if (unknown.requests > 0) {
      unknown.requests -= 1
      return true
    }
    if (this.#clock.now().getTime() < unknown.until) return true
    this.#unknown.delete(credential)
    return false
  }
}
