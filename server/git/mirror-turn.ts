import { randomInt, randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { processIdentity } from '../database/process-identity.ts'

const PREFIX = 'turn.'

/** The last in line for each folder, in this process. */
const lines = new Map<string, Promise<unknown>>()

/** Whether a file of a mirror says who has the turn. */
export function isTurn(name: string): boolean {
  return name.startsWith(PREFIX)
}

/** What came of waiting for a turn. */
export type Turn<Result> =
  | { readonly is: 'had'; readonly result: Result }
  | { readonly is: 'stopped' }
  | { readonly is: 'crowded' }

/**
 * Runs an action while no other writes to the mirror, in this process or another of this machine. Each process has a
 * file of its own in the folder, named after itself: it announces first and looks at the others then, so that of two at
 * the same moment at least one sees the other. The file of a process that died counts for nothing and is swept.
 */
export async function inTurn<Result>(
  mirror: string,
  wait: { readonly patienceMs: number; readonly signal?: AbortSignal | undefined },
  action: () => Promise<Result>,
): Promise<Turn<Result>> {
  const patience = AbortSignal.timeout(wait.patienceMs)
  const signal = wait.signal ? AbortSignal.any([wait.signal, patience]) : patience
  const before = lines.get(mirror) ?? Promise.resolve()
  const { promise: mine, resolve: leave } = Promise.withResolvers<void>()
  const line = before.then(() => mine)
  lines.set(mirror, line)
  try {
    await Promise.race([before, aborted(signal)])
    const own = signal.aborted ? null : await announced(mirror, signal)
    if (own === null) return { is: wait.signal?.aborted ? 'stopped' : 'crowded' }
    try {
      return { is: 'had', result: await action() }
    } finally {
      await rm(own, { force: true })
    }
  } finally {
    leave()
    if (lines.get(mirror) === line) void line.then(() => lines.get(mirror) === line && lines.delete(mirror))
  }
}

/** Enters alone, and gives the file that says so; null when the signal came first. */
async function announced(mirror: string, signal: AbortSignal): Promise<string | null> {
  await mkdir(mirror, { recursive: true, mode: 0o700 })
  while (!signal.aborted) {
    const name = `${PREFIX}${process.pid}.${await processIdentity(process.pid)}.${randomUUID().slice(0, 8)}`
    const own = join(mirror, name)
    await writeFile(own, '', { flag: 'wx', mode: 0o600 })
    if (!(await isTaken(mirror, name))) return own
    // Two that see each other both step back, for times of their own.
    await rm(own, { force: true })
    await delay(randomInt(20, 120), undefined, { signal }).catch(() => {})
  }
  return null
}

async function isTaken(mirror: string, own: string): Promise<boolean> {
  for (const name of await readdir(mirror)) {
    if (!isTurn(name) || name === own) continue
    const [, pid = '', identity = ''] = name.split('.')
    if ((await processIdentity(Number(pid))) === identity) return true
    await rm(join(mirror, name), { force: true })
  }
  return false
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((tell) => {
    if (signal.aborted) tell()
    else signal.addEventListener('abort', () => tell(), { once: true })
  })
}
