import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseStartError } from './database-start-error.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { clearRemains, findPostmaster, type Postmaster, stopPostmaster } from './postmaster.ts'
import { type Account, bareEnvironment } from './run-program.ts'

const ATTEMPTS = 3
const READY_LIMIT_MS = 120_000
const POLL_MS = 20

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and the details of errors may quote what people typed.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

export interface PostmasterStart {
  readonly clusterDir: string
  readonly binaries: PostgresBinaries
  readonly account: Account | null
  /** Names and values of postgresql.conf. */
  readonly settings: Readonly<Record<string, string>>
  /** Without one, any that is free. */
  readonly port?: number | undefined
}

/**
 * Starts PostgreSQL on a cluster that none runs on, and waits until it accepts connections (after a crash: until it
 * has recovered). It lives on when this process ends; its log lies beside the cluster.
 * @throws {DatabaseStartError} with the reason from its log.
 */
export async function startPostmaster(start: PostmasterStart): Promise<Postmaster> {
  await clearRemains(start.clusterDir)
  for (let attempt = 1; ; attempt++) {
    const port = start.port ?? (await freePort())
    const result = await tryStart(start, port)
    if ('pid' in result) return result
    // Somebody took the port that was free a moment before.
    const again = /Address already in use/.test(result.failure) && start.port === undefined && attempt < ATTEMPTS
    if (!again) {
      throw new DatabaseStartError(
        `The database in ${start.clusterDir} does not start: ${reasonIn(result.failure)} Nothing was changed; its log is ${start.clusterDir}.log.`,
      )
    }
  }
}

async function tryStart(start: PostmasterStart, port: number): Promise<Postmaster | { failure: string }> {
  const { clusterDir, account } = start
  const logFile = `${clusterDir}.log`
  const log = await open(logFile, 'w', 0o600)
  const settings = { ...SETTINGS, ...start.settings, port: String(port) }
  const child = spawn(
    start.binaries.postgres,
    ['-D', clusterDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: '/',
      env: bareEnvironment(),
      // A group of its own: Ctrl+C in the terminal must reach our server first, not its database.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...(account && { uid: account.uid, gid: account.gid }),
    },
  )
  const ending = once(child, 'exit').then(
    () => 'ended' as const,
    (error: Error) => error,
  )
  child.unref()
  await log.close()
  const deadline = Date.now() + READY_LIMIT_MS
  while (Date.now() < deadline) {
    const end = await Promise.race([ending, delay(POLL_MS, null)])
    if (end instanceof Error) return { failure: end.message }
    if (end) return { failure: await readFile(logFile, 'utf8') }
    const running = await findPostmaster(clusterDir)
    if (running?.pid === child.pid && running?.ready) return running
  }
  if (child.pid) await stopPostmaster(child.pid)
  return { failure: `it was not ready after ${READY_LIMIT_MS / 1000} seconds` }
}

/** The line that says why: the gravest, without its time and process. */
function reasonIn(log: string): string {
  const lines = log.trim().split('\n')
  const gravest = lines.find((line) => /\b(FATAL|PANIC):/.test(line)) ?? lines.at(-1) ?? 'it gave no reason'
  return `${gravest.replace(/^.*?\b(FATAL|PANIC):\s*/, '').replace(/\.$/, '')}.`
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
