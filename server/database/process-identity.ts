import { readFile } from 'node:fs/promises'
import { runProgram } from './run-program.ts'

/**
 * What tells a living process from a later one with the same number; null when there is none.
 * Made of characters that a file's name may hold.
 */
export async function processIdentity(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return linuxIdentity(pid)
  const { code, output } = await runProgram('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])
  if (code !== 0 || output === '' || output.startsWith('Z')) return null
  return output.split(/\s+/).slice(1).join('').replaceAll(':', '')
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function linuxIdentity(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The program's name, in brackets, may hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state] = fields
    const startedAtTick = fields[19]
    // A zombie runs no more; it only waits for its parent to look.
    if (state === 'Z' || state === 'X' || startedAtTick === undefined) return null
    return `${await bootId()}${startedAtTick}`
  } catch {
    return null
  }
}

/** Ticks are counted from the boot, and after a boot numbers and ticks may come together again. */
async function bootId(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return id.slice(0, 8)
}
