import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseStartError } from './database-start-error.ts'
import { postgresAccount } from './postgres-account.ts'
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts'
import { type Account, bareEnvironment, runProgram } from './run-program.ts'

const SUPERUSER = 'postgres'
const START_ATTEMPTS = 3
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 30_000

export type EmbeddedPostgresOptions = {
  /** Absolute; made with a new cluster if it does not exist. */
  clusterDir: string
  /** The superuser's, used when the cluster is made and in the connection string. Without one the cluster must be new. */
  password?: string
  /** False turns every protection against a power cut off: for throw-away clusters. */
  durable?: boolean
  /** More settings of postgresql.conf, such as max_connections. */
  settings?: Record<string, string>
}

export type EmbeddedPostgres = {
  /** Names the database `postgres`, as superuser. */
  connectionString: string
  /** Lets running statements go, writes a checkpoint and ends the server. May be called twice. */
  stop(): Promise<void>
}

/**
 * Runs a PostgreSQL of our own as a child process that listens on the loopback address.
 *
 * @throws {DatabaseStartError} when it cannot be made or started.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = await postgresAccount()
  const binaries = await postgresBinaries(account)
  const password = options.password ?? randomBytes(24).toString('base64url')
  const durable = options.durable ?? true
  if (!(await exists(join(options.clusterDir, 'PG_VERSION')))) {
    await createCluster({ clusterDir: options.clusterDir, binaries, account, password, durable })
  }
  const settings = { ...(durable ? {} : THROW_AWAY), ...options.settings }
  const server = await startServer({ clusterDir: options.clusterDir, binaries, account, settings })
  return {
    connectionString: `postgres://${SUPERUSER}:${password}@127.0.0.1:${server.port}/postgres`,
    stop: server.stop,
  }
}

const THROW_AWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

type NewCluster = {
  clusterDir: string
  binaries: PostgresBinaries
  account: Account | null
  password: string
  durable: boolean
}

/** Makes the cluster beside its place and then moves it there, so that a kill in between leaves nothing half-made. */
async function createCluster({ clusterDir, binaries, account, password, durable }: NewCluster): Promise<void> {
  const workshop = `${clusterDir}.new`
  await rm(workshop, { recursive: true, force: true })
  await mkdir(workshop, { recursive: true, mode: 0o700 })
  const passwordFile = join(workshop, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account) {
    await chown(passwordFile, account.uid, account.gid)
    await chown(workshop, account.uid, account.gid)
  }
  const { code, output } = await runProgram(
    binaries.initdb,
    [
      ...['--pgdata', join(workshop, 'cluster'), '--username', SUPERUSER, '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-instructions'],
      // Sorts and folds case the same on every machine, whatever its locales are.
      ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
      ...(durable ? [] : ['--no-sync']),
    ],
    account,
  )
  if (code !== 0) {
    await rm(workshop, { recursive: true, force: true })
    throw new DatabaseStartError(`The database could not be made in ${clusterDir}: ${lastLine(output)}`)
  }
  await rename(join(workshop, 'cluster'), clusterDir)
  const parent = await open(dirname(clusterDir))
  await parent.sync().finally(() => parent.close())
  await rm(workshop, { recursive: true, force: true })
}

type ServerStart = {
  clusterDir: string
  binaries: PostgresBinaries
  account: Account | null
  settings: Record<string, string>
}

/** Starts the server; again on another port where somebody took the one that was free a moment before. */
async function startServer(start: ServerStart): Promise<{ port: number; stop(): Promise<void> }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const result = await tryStart(start, port)
    if (!('failure' in result)) return { port, stop: result.stop }
    if (attempt < START_ATTEMPTS && /Address already in use/.test(result.failure)) continue
    throw new DatabaseStartError(`The database in ${start.clusterDir} did not start: ${lastLine(result.failure)}`)
  }
}

async function tryStart(
  { clusterDir, binaries, account, settings }: ServerStart,
  port: number,
): Promise<{ stop(): Promise<void> } | { failure: string }> {
  const logFile = `${clusterDir}.log`
  const log = await open(logFile, 'w', 0o600)
  await chmod(logFile, 0o600)
  const all: Record<string, string> = { ...SERVER_SETTINGS, ...settings, port: String(port) }
  const child = spawn(
    binaries.postgres,
    ['-D', clusterDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: '/',
      env: bareEnvironment(),
      // A group of its own: Ctrl+C in the terminal must reach our server first, not its database.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...(account && { uid: account.uid, gid: account.gid }),
    },
  )
  let running = true
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      running = false
      resolve()
    }
    child.once('exit', end)
    child.once('error', end)
  })
  await log.close()
  const stop = async () => {
    if (running) child.kill('SIGINT')
    const inTime = await Promise.race([ended.then(() => true), delay(STOP_LIMIT_MS, false, { ref: false })])
    if (!inTime) child.kill('SIGQUIT')
    await ended
  }
  const deadline = Date.now() + START_LIMIT_MS
  while (running && Date.now() < deadline) {
    if (await isReady(clusterDir, child.pid)) return { stop }
    await delay(20)
  }
  await stop()
  return { failure: await readFile(logFile, 'utf8') }
}

const SERVER_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and the details of errors may quote what people typed.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/** PostgreSQL writes its state into the eighth line of postmaster.pid. */
async function isReady(clusterDir: string, pid: number | undefined): Promise<boolean> {
  const lines = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  )
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready'
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

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? ''
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  )
}
