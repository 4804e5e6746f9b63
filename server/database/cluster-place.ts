import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { dataDirKey } from './data-dir-key.ts'
import { DatabaseStartError } from './database-start-error.ts'
import { type Account, runProgram } from './run-program.ts'

const RECORD = 'postgres.cluster'
const PASSWORD = 'postgres.password'
const WITHIN_DATA_DIR = 'postgres/cluster'

/** Where the cluster of a data folder lies, or will lie once it is made. */
export interface ClusterPlace {
  readonly clusterDir: string
  readonly password: string
  readonly exists: boolean
  /** Tells where the cluster lies, if not within the data folder. */
  readonly note: string | null
}

export interface PlaceOptions {
  /** Absolute; exists. */
  readonly dataDir: string
  /** Whom PostgreSQL runs as; null for ourselves. */
  readonly account: Account | null
  /** Where clusters of data folders lie that the account may not enter. */
  readonly systemDir: string
}

/**
 * Finds the place of a data folder's cluster, with its password. Once a cluster was made, a record in the data folder
 * says where; from then on nothing else is taken for it, and a missing one is told, never replaced by an empty one.
 * @throws {DatabaseStartError} when the cluster is missing, moved, out of reach or another's.
 */
export async function placeCluster(options: PlaceOptions): Promise<ClusterPlace> {
  const { dataDir, account } = options
  const inside = join(dataDir, WITHIN_DATA_DIR)
  const outside = await systemPlace(options)
  const open = account === null || (await mayEnter(account, dataDir))
  const record = await readText(join(dataDir, RECORD))
  const clusterDir = record === null ? (open ? inside : outside) : resolve(dataDir, record)
  const owner = await ownerOf(clusterDir)
  const forgotten = record !== null && clusterDir !== inside && clusterDir !== outside
  if (forgotten) {
    throw new DatabaseStartError(
      `The data folder ${dataDir} was moved or copied: its database lies in ${clusterDir}. If it was moved, run: mkdir -p ${resolve(outside, '..')} && mv ${clusterDir} ${outside} && rm ${join(dataDir, RECORD)}`,
    )
  }
  if (record !== null && owner === null) {
    throw new DatabaseStartError(
      `The database of ${dataDir} is missing: it was made in ${clusterDir}. Restore that folder from a backup; to begin with an empty database, remove ${dataDir}.`,
    )
  }
  if (clusterDir === inside && !open) {
    throw new DatabaseStartError(
      `The user "${account.name}", whom the database runs as, may not enter ${dataDir}. Open the folders above it (chmod o+x).`,
    )
  }
  const user = account?.uid ?? process.getuid?.()
  if (owner !== null && owner !== user) {
    throw new DatabaseStartError(
      `The database in ${clusterDir} belongs to user ${owner}; the database of this start would run as user ${user}. Start as the user who made it, or set DATA_DIR to another folder.`,
    )
  }
  const note =
    clusterDir === inside
      ? null
      : `The database lies in ${clusterDir}, since the user "${account?.name}", whom it runs as, may not enter ${dataDir}.`
  return { clusterDir, password: await passwordFor(dataDir, clusterDir, owner !== null), exists: owner !== null, note }
}

/** Makes the folder that holds the cluster, its log and its making. */
export async function prepareClusterParent(clusterDir: string, { account, systemDir }: PlaceOptions): Promise<void> {
  const parent = resolve(clusterDir, '..')
  await mkdir(parent, { recursive: true, mode: 0o711 })
  // The mask of our process may have closed what must be open.
  if (parent.startsWith(systemDir)) for (const path of [systemDir, resolve(parent, '..')]) await chmod(path, 0o755)
  await chmod(parent, 0o711)
  if (account) await chown(parent, account.uid, account.gid)
}

/** Says from now on that the data folder has a cluster, and where. */
export async function recordCluster(dataDir: string, clusterDir: string): Promise<void> {
  const file = join(dataDir, RECORD)
  const text = clusterDir === join(dataDir, WITHIN_DATA_DIR) ? WITHIN_DATA_DIR : clusterDir
  if ((await readText(file)) === text) return
  await writeFile(`${file}.new`, `${text}\n`, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}

/** Two clones have two data folders, and so two clusters: the name comes from the real path. */
async function systemPlace({ dataDir, systemDir }: PlaceOptions): Promise<string> {
  return join(systemDir, 'clusters', await dataDirKey(dataDir), 'cluster')
}

/** Walking there is the one check that sees modes, groups and access lists of every folder on the way. */
async function mayEnter(account: Account, folder: string): Promise<boolean> {
  const { code } = await runProgram('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], account)
  return code === 0
}

async function ownerOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ uid }) => uid,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    },
  )
}

async function passwordFor(dataDir: string, clusterDir: string, exists: boolean): Promise<string> {
  const file = join(dataDir, PASSWORD)
  const kept = await readText(file)
  if (kept) return kept
  if (exists) {
    throw new DatabaseStartError(
      `The password of the database is missing: ${file}. Restore it from a backup; to begin with an empty database, remove ${clusterDir}.`,
    )
  }
  const made = randomBytes(24).toString('base64url')
  await writeFile(file, `${made}\n`, { mode: 0o600, flush: true })
  return made
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    },
  )
}
