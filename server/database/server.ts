import pg from 'pg'
import { DatabaseStartError } from './database-start-error.ts'
import { openOwnDatabase } from './own-database.ts'

/** A database that can be connected to. */
export interface DatabaseServer {
  readonly connectionString: string
  /** What to tell the person who starts: where the data lies, if not where one would look; null otherwise. */
  readonly note: string | null
  readonly stop: () => Promise<void>
}

export interface DatabaseServerOptions {
  /** The operator's; without one the product runs its own in the data folder. */
  readonly databaseUrl: string | undefined
  /** Absolute. */
  readonly dataDir: string
  /** A `command` may run beside a server and beside others; of servers there is one for a data folder. */
  readonly role: 'server' | 'command'
  /** Told, in lines for the operator, when the product's own database ended by itself and when it runs again. */
  readonly onTrouble?: (line: string) => void
}

/**
 * The operator's database, or the product's own.
 * @throws {DatabaseStartError} in one line with the mend.
 */
export async function openDatabaseServer(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const { databaseUrl } = options
  if (databaseUrl === undefined) return openOwnDatabase(options)
  await tryConnection(databaseUrl)
  return { connectionString: databaseUrl, note: null, stop: async () => {} }
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
