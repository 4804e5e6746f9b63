import { createHash, randomBytes } from 'node:crypto'
import { access, chmod, chown, constants, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { lockDataDir } from './data-dir-lock.ts'
import { DatabaseStartError } from './database-start-error.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { postgresAccount } from './postgres-account.ts'

const SYSTEM_FOLDER = '/var/lib/git-connections'
const ORPHAN_LIMIT_MS = 30_000

/** A database that can be connected to. */
export interface DatabaseServer {
  readonly connectionString: string
  /** Where the cluster lies, when that is not where one would look; null otherwise. */
  readonly note: string | null
  readonly stop: () => Promise<void>
}

/**
 * The operator's database, or the one that the product brings along in its data folder. A `command` uses the running
 * server's database where there is one, and starts it for itself where there is none.
 * @throws {DatabaseStartError} in one line with the mend.
 */
export async function openDatabaseServer(options: {
  databaseUrl: string | undefined
  dataDir: string
  role: 'server' | 'command'
}): Promise<DatabaseServer> {
  const { databaseUrl, dataDir } = options
  if (databaseUrl !== undefined) {
    await tryConnection(databaseUrl)
    return { connectionString: databaseUrl, note: null, stop: async () => {} }
  }
  await mkdir(dataDir, { recursive: true })
  const password = await readPassword(dataDir)
  const clusterDir = await placeCluster(dataDir)
  if (options.role === 'command') {
    const running = await runningServer(clusterDir, password)
    if (running) return { connectionString: running, note: null, stop: async () => {} }
  }
  const unlock = await lockDataDir(dataDir)
  try {
    await refuseOtherVersion(clusterDir)
    await stopOrphan(clusterDir)
    const server = await startEmbeddedPostgres({ clusterDir, password, settings: { max_connections: '100' } })
    const moved = clusterDir.startsWith(dataDir) ? null : `The database lies in ${clusterDir}.`
    return {
      connectionString: server.connectionString,
      note: moved,
      async stop() {
        await server.stop()
        await unlock()
      },
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

async function tryConnection(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    )
    if ((rows[0]?.version ?? 0) < 150_000) {
      throw new DatabaseStartError('DATABASE_URL names a PostgreSQL older than 15. Use 15 or newer.')
    }
  } catch (error) {
    if (error instanceof DatabaseStartError) throw error
    const { host, port } = client
    const why = error instanceof pg.DatabaseError ? error.message : 'no connection'
    throw new DatabaseStartError(
      `DATABASE_URL: the database at ${host}:${port} cannot be used (${why}). Check address, user and password.`,
    )
  } finally {
    await client.end().catch(() => {})
  }
}

async function readPassword(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres.password')
  const existing = await readFile(file, 'utf8').catch(() => '')
  if (existing !== '') return existing.trim()
  const made = randomBytes(24).toString('base64url')
  await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return (await readFile(file, 'utf8')).trim()
}

/** The cluster lies in the data folder, unless PostgreSQL's own user can't get there. */
async function placeCluster(dataDir: string): Promise<string> {
  const account = await postgresAccount()
  if (!account || (await canEnter(dataDir))) {
    const clusters = join(dataDir, 'postgres')
    await mkdir(clusters, { recursive: true })
    if (account) await chown(clusters, account.uid, account.gid)
    return join(clusters, 'cluster')
  }
  const name = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 16)
  const clusters = join(SYSTEM_FOLDER, 'clusters', name)
  await mkdir(clusters, { recursive: true })
  for (const folder of [SYSTEM_FOLDER, join(SYSTEM_FOLDER, 'clusters')]) await chmod(folder, 0o755)
  await chown(clusters, account.uid, account.gid)
  return join(clusters, 'cluster')
}

/** Whether a user without rights of their own can walk down to a folder. */
async function canEnter(folder: string): Promise<boolean> {
  for (let path = await realpath(folder); ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false
    if (path === dirname(path)) return true
  }
}

async function postmaster(clusterDir: string): Promise<{ pid: number; port: string } | null> {
  const lines = (await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return null
  // The number may belong to another program by now; only a postgres counts.
  const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => (isAlive(pid) ? 'postgres' : ''))
  return program.trim() === 'postgres' ? { pid, port: lines[3] ?? '' } : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function runningServer(clusterDir: string, password: string): Promise<string | null> {
  const running = await postmaster(clusterDir)
  return running ? `postgres://postgres:${password}@127.0.0.1:${running.port}/postgres` : null
}

/** A database that outlived its server (kill -9) is stopped in good order, so that ours starts clean. */
async function stopOrphan(clusterDir: string): Promise<void> {
  const orphan = await postmaster(clusterDir)
  if (!orphan) return
  process.kill(orphan.pid, 'SIGINT')
  const deadline = Date.now() + ORPHAN_LIMIT_MS
  while (isAlive(orphan.pid)) {
    if (Date.now() > deadline) {
      throw new DatabaseStartError(
        `A database left behind (process ${orphan.pid}) does not stop. End it, then start again.`,
      )
    }
    await delay(50)
  }
}

const MAJOR_VERSION = '18'

async function refuseOtherVersion(clusterDir: string): Promise<void> {
  const file = join(clusterDir, 'PG_VERSION')
  const version = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (version !== '') {
    if (version === MAJOR_VERSION) return
    throw new DatabaseStartError(
      `The database in ${clusterDir} is of PostgreSQL ${version}, this program brings ${MAJOR_VERSION}. Run that version by DATABASE_URL, or move its data over.`,
    )
  }
  const exists = await access(clusterDir, constants.F_OK).then(
    () => true,
    () => false,
  )
  if (!exists) return
  throw new DatabaseStartError(
    `The database in ${clusterDir} is damaged: PG_VERSION is missing. Restore the folder from a backup; nothing was changed.`,
  )
}
