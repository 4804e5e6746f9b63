import { setTimeout as delay } from 'node:timers/promises'
import type { Postmaster } from './postmaster.ts'
import { processIdentity } from './process-identity.ts'

const LOOK_EVERY_MS = 500
const LONGEST_PAUSE_MS = 30_000

export interface PostmasterWatch {
  readonly stop: () => Promise<void>
}

/**
 * Looks after a running PostgreSQL: where it ends though nobody stopped it (killed for its memory, say), it is brought
 * back on the same port, and the pools connect again by themselves. Goes on trying, with growing pauses.
 */
export function watchPostmaster(
  running: Postmaster,
  revive: () => Promise<Postmaster>,
  onTrouble: (line: string) => void = () => {},
): PostmasterWatch {
  const ending = new AbortController()
  const pause = (ms: number) => delay(ms, undefined, { signal: ending.signal, ref: false }).catch(() => {})
  const watching = (async () => {
    let { pid } = running
    let identity = await processIdentity(pid)
    let failures = 0
    for (await pause(LOOK_EVERY_MS); !ending.signal.aborted; await pause(LOOK_EVERY_MS)) {
      if (identity !== null && (await processIdentity(pid)) === identity) continue
      try {
        if (failures === 0) onTrouble(`The database (process ${pid}) ended unexpectedly and is started again.`)
        pid = (await revive()).pid
        identity = await processIdentity(pid)
        failures = 0
        onTrouble(`The database runs again (process ${pid}).`)
      } catch (error) {
        failures += 1
        onTrouble(error instanceof Error ? error.message : String(error))
        await pause(Math.min(LOOK_EVERY_MS * 2 ** failures, LONGEST_PAUSE_MS))
      }
    }
  })()
  return {
    stop: () => {
      ending.abort()
      return watching
    },
  }
}
