/** The simulated provider's own idea of the time, so that an expiry can be reached without waiting for it. */
export type SimulatedClock = {
  now(): Date
  /** Holds the clock at an instant; `null` lets it follow the given source again. */
  set(at: Date | string | null): void
  advance(milliseconds: number): void
}

/** Makes a clock that follows `source` until a test moves or holds it. */
export function createClock(source: () => Date = () => new Date()): SimulatedClock {
  let held: Date | null = null
  let ahead = 0
  const now = () => held ?? new Date(source().getTime() + ahead)
  return {
    now,
    set(at) {
      held = at === null ? null : new Date(at)
      ahead = 0
    },
    advance(milliseconds) {
      if (held) held = new Date(held.getTime() + milliseconds)
      else ahead += milliseconds
    },
  }
}
