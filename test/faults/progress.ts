/** Counts what is done, and lets others wait for more of it. */
export interface Progress {
  readonly count: () => void
  /** Resolves once that many more were counted. */
  readonly more: (number: number) => Promise<void>
}

/** Progress from nothing. */
export function createProgress(): Progress {
  const watchers = new Set<() => void>()
  let counted = 0
  return {
    count() {
      counted++
      for (const look of watchers) look()
    },
    more(number) {
      const goal = counted + number
      return new Promise((reached) => {
        const look = () => {
          if (counted < goal) return
          watchers.delete(look)
          reached()
        }
        watchers.add(look)
      })
    },
  }
}
