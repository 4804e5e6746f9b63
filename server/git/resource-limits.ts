import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const MOST_MEMORY_BYTES = 3 * 1024 ** 3

/** What a process may use at most. */
export interface ResourceLimits {
  /** Seconds of computing, which also ends what outlives its parent. */
  readonly cpuSeconds: number
  /** The size of one file that it writes, in bytes; null for any. */
  readonly fileBytes: number | null
}

/**
 * The words that run a program under limits, by util-linux's `prlimit`; without it (macOS) the program's own words. The
 * number of processes is not limited: that counts every process of the account.
 * @see https://man7.org/linux/man-pages/man1/prlimit.1.html
 */
export function limited(words: readonly string[], path: string, limits: ResourceLimits): readonly string[] {
  if (!hasPrlimit(path)) return words
  const file = limits.fileBytes === null ? [] : [`--fsize=${limits.fileBytes}`]
  const all = ['--core=0', `--as=${MOST_MEMORY_BYTES}`, `--cpu=${Math.ceil(limits.cpuSeconds)}`, ...file]
  return ['prlimit', ...all, '--', ...words]
}

function hasPrlimit(path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'prlimit'), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}
