import { randomBytes } from 'node:crypto'
import { createCluster, SUPERUSER } from './create-cluster.ts'
import { postgresAccount } from './postgres-account.ts'
import { postgresBinaries } from './postgres-binaries.ts'
import { stopPostmaster } from './postmaster.ts'
import { startPostmaster } from './start-postmaster.ts'

export interface EmbeddedPostgres {
  /** Names the database `postgres`, as superuser. */
  readonly connectionString: string
  readonly pid: number
  readonly stop: () => Promise<void>
}

/**
 * Makes a new cluster and runs PostgreSQL on it, with every protection against a power cut turned off unless
 * `durable`: for tests and measurements. The product's own database is opened by openDatabaseServer.
 * @throws {DatabaseStartError} when it cannot be made or started.
 */
export async function startEmbeddedPostgres(options: {
  /** Absolute; must not exist yet, and its parent must be open to the account `postgres` where we are root. */
  clusterDir: string
  durable?: boolean
  settings?: Readonly<Record<string, string>>
}): Promise<EmbeddedPostgres> {
  const { clusterDir, durable = false } = options
  const account = await postgresAccount()
  const binaries = await postgresBinaries(account)
  const password = randomBytes(24).toString('base64url')
  await createCluster({ clusterDir, binaries, account, password, durable })
  const settings = { ...(durable ? {} : THROW_AWAY), ...options.settings }
  const { pid, port } = await startPostmaster({ clusterDir, binaries, account, settings })
  return { connectionString: connectionString(password, port), pid, stop: () => stopPostmaster(pid) }
}

const THROW_AWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Names the database `postgres` of a cluster of ours, as superuser. */
export function connectionString(password: string, port: number): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`
}
