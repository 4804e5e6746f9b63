import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseStartError } from './database-start-error.ts'
import { processIdentity } from './process-identity.ts'
import { runProgram } from './run-program.ts'

const FAST_STOP_MS = 30_000
const IMMEDIATE_STOP_MS = 10_000
const POLL_MS = 20

/** The main process of a running PostgreSQL. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  /** It accepts connections. */
  readonly ready: boolean
}

/**
 * The PostgreSQL that runs on a cluster, whoever started it; null when none does.
 * @see https://www.postgresql.org/docs/18/storage-file-layout.html for postmaster.pid
 */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | null> {
  const lines = await pidFile(clusterDir)
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 1 || !(await servesCluster(pid, lines[1] ?? clusterDir))) return null
  return { pid, port: Number(lines[3]), ready: lines[7] === 'ready' }
}

/** The port of the PostgreSQL that runs on a cluster, or that crashed on it last; undefined after one that was stopped. */
export async function lastPort(clusterDir: string): Promise<number | undefined> {
  return Number((await pidFile(clusterDir))[3]) || undefined
}

async function pidFile(clusterDir: string): Promise<string[]> {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')
  return text.split('\n').map((line) => line.trim())
}

/** The number may belong to another program by now: only one whose command line names the cluster counts. */
async function servesCluster(pid: number, clusterDir: string): Promise<boolean> {
  if ((await processIdentity(pid)) === null) return false
  const words = await commandLine(pid)
  return (
    /\bpostgres$/.test(words[0] ?? '') && words.some((word, index) => word === '-D' && words[index + 1] === clusterDir)
  )
}

async function commandLine(pid: number): Promise<string[]> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return text.split('\0')
  }
  const { output } = await runProgram('ps', ['-o', 'command=', '-p', String(pid)])
  return output.split(' ')
}

/**
 * Ends a PostgreSQL in good order: open transactions are rolled back, a checkpoint is written. One that does not obey
 * is ended at once, and recovers from its log when it starts again.
 * @throws {DatabaseStartError} when it obeys neither.
 */
export async function stopPostmaster(pid: number): Promise<void> {
  const identity = await processIdentity(pid)
  if (identity === null) return
  for (const [signal, limitMs] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
  ] as const) {
    sendSignal(pid, signal)
    const deadline = Date.now() + limitMs
    while (Date.now() < deadline) {
      if ((await processIdentity(pid)) !== identity) return
      await delay(POLL_MS)
    }
  }
  throw new DatabaseStartError(`The database (process ${pid}) does not stop. End it, then start again.`)
}

/**
 * Makes way for a start on a cluster whose PostgreSQL is gone: call it where findPostmaster found none. Waits for its
 * orphaned children, and removes its pid file if the number belongs to another program by now, which PostgreSQL would
 * take for a running database.
 * @throws {DatabaseStartError} when processes of the dead one still hold the cluster.
 */
export async function clearRemains(clusterDir: string): Promise<void> {
  const pid = Number((await pidFile(clusterDir))[0])
  if (!Number.isInteger(pid) || pid <= 1) return
  const deadline = Date.now() + IMMEDIATE_STOP_MS
  // They end by themselves once they notice; two generations at work on one cluster would destroy it.
  for (let left = await processesIn(clusterDir); left.length > 0; left = await processesIn(clusterDir)) {
    if (Date.now() > deadline) {
      throw new DatabaseStartError(
        `A part of the last database (process ${left[0]}) does not end. End it, then start again.`,
      )
    }
    await delay(POLL_MS)
  }
  // Of a dead number the file stays: PostgreSQL finds in it whether the old memory is still in use.
  if ((await processIdentity(pid)) !== null) await rm(join(clusterDir, 'postmaster.pid'))
}

/** PostgreSQL's processes work in the cluster's folder. Only Linux tells; elsewhere PostgreSQL's own guard must do. */
async function processesIn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter(Number.isInteger)
  const found = await Promise.all(
    pids.map(async (pid) => ((await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder ? pid : null)),
  )
  return found.filter((pid) => pid !== null)
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended a moment ago.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
