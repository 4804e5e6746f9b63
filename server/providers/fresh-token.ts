import { setTimeout } from 'node:timers/promises'

/** Resolves after that many milliseconds. */
export type Pause = (ms: number) => Promise<unknown>

/** Five seconds in all. */
const PAUSES_MS = [500, 1000, 1500, 2000]

/**
 * Does something with a token that was made a moment ago, which its provider may refuse for some seconds: tries again
 * for five at most, and gives the last outcome.
 */
export async function withFreshToken<Outcome>(
  attempt: () => Promise<Outcome>,
  refused: (outcome: Outcome) => boolean,
  pause: Pause = setTimeout,
): Promise<Outcome> {
  let outcome = await attempt()
  for (const ms of PAUSES_MS) {
    if (!refused(outcome)) return outcome
    await pause(ms)
    outcome = await attempt()
  }
  return outcome
}
