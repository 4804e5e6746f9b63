import { readdir, readFile } from 'node:fs/promises'

const CLOSE_ON_EXEC = 0o2000000

/**
 * The descriptors that whoever started this process left open, and that would go on to its children. Ours are closed
 * when a child starts its program; Node closes inherited ones up to 15 only. Empty where there is no `/proc`.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html
 */
export async function inheritedDescriptors(): Promise<number[]> {
  const numbers = (await readdir('/proc/self/fd').catch(() => [])).map(Number).filter((number) => number > 2)
  const inherited = await Promise.all(
    numbers.map(async (number) => {
      const info = await readFile(`/proc/self/fdinfo/${number}`, 'utf8').catch(() => '')
      const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1]
      return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0
    }),
  )
  return numbers.filter((_, index) => inherited[index])
}
