import { randomInt } from 'node:crypto'

/** Choices that look random, the same for the same seed. */
export interface Chance {
  readonly seed: number
  /** A whole number from `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number
  readonly pick: <T>(things: readonly T[]) => T
}

/** A seed from the variable SEED, to try a failed run's choices again, or a new one. */
export function newSeed(): number {
  return Number(process.env.SEED) || randomInt(1, 2 ** 31)
}

/**
 * Choices of a seed.
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c for mulberry32
 */
export function createChance(seed: number): Chance {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    seed,
    between,
    pick: (things) => {
      const thing = things[between(0, things.length - 1)]
      if (thing === undefined) throw new Error('There is nothing to pick from.')
      return thing
    },
  }
}
