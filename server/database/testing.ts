import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type OwnDatabase, openOwnDatabase } from './own-database.ts'

/** Where tests have own databases, and what was opened there. */
export interface DatabaseHome extends AsyncDisposable {
  /** The folder around all of it, which others than root may pass. */
  readonly base: string
  readonly dataDir: string
  readonly systemDir: string
  /** A path in the cluster of the data folder. */
  cluster(...names: string[]): string
  open(
    role?: 'server' | 'command',
    more?: { dataDir?: string; onTrouble?: (line: string) => void },
  ): Promise<OwnDatabase>
  /** Stops what was opened. */
  stop(): Promise<void>
}

/** Makes a fresh one. */
export async function makeDatabaseHome(): Promise<DatabaseHome> {
  const base = await mkdtemp(join(tmpdir(), 'git-connections-own-'))
  await chmod(base, 0o711)
  const [dataDir, systemDir] = [join(base, 'data'), join(base, 'system')]
  const opened: OwnDatabase[] = []
  const stop = async () => {
    await Promise.all(opened.splice(0).map((database) => database.stop()))
  }
  return {
    ...{ base, dataDir, systemDir, stop },
    cluster: (...names) => join(dataDir, 'postgres', 'cluster', ...names),
    async open(role = 'server', more = {}) {
      const database = await openOwnDatabase({ dataDir, systemDir, role, ...more })
      opened.push(database)
      return database
    },
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(base, { recursive: true, force: true })
    },
  }
}

/** Asks a database one thing. */
export async function query(database: OwnDatabase, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
  const { rows } = await client.query(text).finally(() => client.end())
  return rows
}
