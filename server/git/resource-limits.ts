import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const MOST_MEMORY_BYTES = 3 * 1024 ** 3

/** What a process may use at most. */
export interface ResourceLimits {
  /** Seconds of computing, of all its threads. */
  readonly cpuSeconds: number
  /** The size of one file that it writes, in bytes; null for any. */
  readonly fileBytes: number | null
}

/**
 * The words that run a program under limits, with no more rights than it has, and no longer than this process lives: a
 * git that outlived us would write to a mirror whose turn another has. (What it started itself ends when its pipes do, or
 * when nothing comes for a while.) They are those of util-linux, where it is;
 * without it (macOS) the program's own words. The number of processes is not limited: that counts every process of the
 * account.
 * @see https://man7.org/linux/man-pages/man1/prlimit.1.html and https://man7.org/linux/man-pages/man1/setpriv.1.html
 */
export function limited(words: readonly string[], path: string, limits: ResourceLimits): readonly string[] {
  const file = limits.fileBytes === null ? [] : [`--fsize=${limits.fileBytes}`]
  const all = ['--core=0', `--as=${MOST_MEMORY_BYTES}`, `--cpu=${Math.ceil(limits.cpuSeconds)}`, ...file]
  return [
    ...(isFound('prlimit', path) ? ['prlimit', ...all, '--'] : []),
    ...(isFound('setpriv', path) ? ['setpriv', '--no-new-privs', '--pdeathsig', 'KILL', '--'] : []),
    ...words,
  ]
}

function isFound(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}
