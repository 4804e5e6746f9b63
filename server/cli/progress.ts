const WIDTH = 30
const EVERY_MS = 100

/** A bar on a terminal, nothing elsewhere: how far, how fast, how long still. */
export function createProgress(
  title: string,
  what = 'events',
): { at: (done: number, total: number) => void; end: () => void } {
  const startedAt = performance.now()
  let drawnAt = 0
  const terminal = process.stderr.isTTY
  return {
    at(done, total) {
      const now = performance.now()
      if (!terminal || (done < total && now - drawnAt < EVERY_MS)) return
      drawnAt = now
      const perSecond = done / Math.max((now - startedAt) / 1000, 0.001)
      const left = Math.ceil((total - done) / Math.max(perSecond, 1))
      const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH)
      const bar = `${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}`
      process.stderr.write(`\r${title} [${bar}] ${done}/${total}  ${Math.round(perSecond)} ${what}/s  ${left} s left `)
    },
    end() {
      if (terminal) process.stderr.write('\n')
    },
  }
}
