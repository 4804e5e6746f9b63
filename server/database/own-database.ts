import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PlaceOptions, placeCluster, prepareClusterParent, recordCluster } from './cluster-place.ts'
import { createCluster } from './create-cluster.ts'
import { type DataDirUser, enterDataDir } from './data-dir-users.ts'
import { DatabaseStartError } from './database-start-error.ts'
import { connectionString } from './embedded-postgres.ts'
import { postgresAccount } from './postgres-account.ts'
import { type PostgresBinaries, postgresBinaries, SYSTEM_DIR } from './postgres-binaries.ts'
import { findPostmaster, lastPort, type Postmaster, stopPostmaster } from './postmaster.ts'
import { startPostmaster } from './start-postmaster.ts'
import { watchPostmaster } from './watch-postmaster.ts'

const SETTINGS = { max_connections: '100' }

export interface OwnDatabaseOptions {
  /** Absolute; made if missing. */
  readonly dataDir: string
  readonly role: 'server' | 'command'
  readonly systemDir?: string
  /** Told what happens to the database while it is open: that it ended, and that it runs again. */
  readonly onTrouble?: (line: string) => void
}

export interface OwnDatabase {
  readonly connectionString: string
  readonly note: string | null
  readonly stop: () => Promise<void>
}

/**
 * Opens the database that the product brings along: the cluster of a data folder, made on the first start.
 *
 * One server and any number of commands may have it open; who comes first starts PostgreSQL, who goes last stops it.
 * One that a killed server left behind is stopped and started again, so that nothing of the dead one (its sessions,
 * locks and settings) goes on; with a living process at work on it, it is used as it is.
 * @throws {DatabaseStartError} in one line with the mend.
 */
export async function openOwnDatabase(options: OwnDatabaseOptions): Promise<OwnDatabase> {
  try {
    return await open(options)
  } catch (error) {
    throw asStartError(error, options.dataDir)
  }
}

async function open({ dataDir, role, systemDir = SYSTEM_DIR, onTrouble }: OwnDatabaseOptions): Promise<OwnDatabase> {
  const account = await postgresAccount()
  const binaries = await postgresBinaries(account, { systemDir })
  await prepareDataDir(dataDir)
  const user = await enterDataDir(dataDir, role)
  try {
    const options = { dataDir, account, systemDir }
    const { place, running } = await user.inTurn(() => bringUp(user, options, binaries))
    const start = { clusterDir: place.clusterDir, binaries, account, settings: SETTINGS, port: running.port }
    const watch = role === 'server' ? watchPostmaster(running, () => user.inTurn(() => revive(start)), onTrouble) : null
    let stopping: Promise<void> | undefined
    return {
      connectionString: connectionString(place.password, running.port),
      note: place.note,
      stop: () =>
        (stopping ??= watch ? watch.stop().then(() => depart(user, place.clusterDir)) : depart(user, place.clusterDir)),
    }
  } catch (error) {
    await user.leave()
    throw error
  }
}

/** Others must not read what lies here; but the account that PostgreSQL runs as has to pass through. */
async function prepareDataDir(dataDir: string): Promise<void> {
  const made = await mkdir(dataDir, { recursive: true })
  if (made) await chmod(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700)
}

async function bringUp(user: DataDirUser, options: PlaceOptions, binaries: PostgresBinaries) {
  const place = await placeCluster(options)
  const { clusterDir, password } = place
  if (place.exists) {
    await refuseUnreadable(clusterDir, binaries.major)
  } else {
    await prepareClusterParent(clusterDir, options)
    await createCluster({ clusterDir, binaries, account: options.account, password, durable: true })
  }
  await recordCluster(options.dataDir, clusterDir)
  const inUse = await user.hasCompany()
  const found = await findPostmaster(clusterDir)
  if (found?.ready && inUse) return { place, running: found }
  if (found) await stopPostmaster(found.pid)
  // The others of one that just crashed look for it where it was.
  const port = inUse ? await lastPort(clusterDir) : undefined
  const start = { clusterDir, binaries, account: options.account, settings: SETTINGS, port }
  return { place, running: await startPostmaster(start) }
}

/** Starts PostgreSQL again where it was, unless somebody else was faster. */
async function revive(start: Parameters<typeof startPostmaster>[0]): Promise<Postmaster> {
  return (await findPostmaster(start.clusterDir)) ?? startPostmaster(start)
}

async function depart(user: DataDirUser, clusterDir: string): Promise<void> {
  await user.inTurn(async () => {
    await user.leave()
    if (await user.hasCompany()) return
    const running = await findPostmaster(clusterDir)
    if (running) await stopPostmaster(running.pid)
  })
}

async function refuseUnreadable(clusterDir: string, major: string): Promise<void> {
  const version = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (version === major) return
  if (/^\d+(\.\d+)?$/.test(version)) {
    throw new DatabaseStartError(
      `The database in ${clusterDir} is one of PostgreSQL ${version}, and this release brings PostgreSQL ${major}. Run PostgreSQL ${version} on it and set DATABASE_URL, or move its data over with pg_dump; nothing was changed.`,
    )
  }
  throw new DatabaseStartError(
    `The database in ${clusterDir} is damaged: its file PG_VERSION is missing or unreadable. Restore the folder from a backup; nothing was changed.`,
  )
}

const UNUSABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST'])

/** A folder that cannot be used is the operator's to mend; anything else is a bug and stays one. */
function asStartError(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Error && 'code' in error && 'path' in error)) return error
  if (!UNUSABLE.has(String(error.code))) return error
  return new DatabaseStartError(
    `The data folder ${dataDir} cannot be used (${error.code} at ${error.path}). Make it writable for the user who starts the server, or set DATA_DIR to another folder.`,
    { cause: error },
  )
}
