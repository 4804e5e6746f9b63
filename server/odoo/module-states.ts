import pg from 'pg'
import { z } from 'zod'

const PATIENCE_MS = 5_000
const NO_SUCH_DATABASE = '3D000'
const NO_SUCH_TABLE = '42P01'

const rowSchema = z
  .object({ name: z.string(), state: z.string().nullable(), latest_version: z.string().nullable() })
  .transform((row): [string, ModuleState] => [row.name, { state: row.state ?? '', version: row.latest_version }])

/** What Odoo's database says of a module. */
export interface ModuleState {
  /** Such as `installed`, `to upgrade` or `uninstallable`. */
  readonly state: string
  /** The one that is in the database, with the series in front; null where it never was installed. */
  readonly version: string | null
}

export type ModuleStates =
  | { is: 'known'; modules: ReadonlyMap<string, ModuleState> }
  | { is: 'no-database' }
  /** There is a database of that name, without Odoo's tables. */
  | { is: 'not-odoo' }
  | { is: 'unreachable'; text: string }

export type DatabaseExistence = { is: 'there' } | { is: 'missing' } | { is: 'unreachable'; text: string }

/**
 * Asks Odoo's own database for its modules, over a connection for this one question.
 * @param server ODOO_DATABASE_URL; its database is replaced by the one named.
 */
export async function moduleStates(server: string, database: string): Promise<ModuleStates> {
  const asked = await ask(server, database, 'select name, state, latest_version from ir_module_module')
  switch (asked.is) {
    case 'answered':
      return { is: 'known', modules: new Map(rowSchema.array().parse(asked.rows)) }
    case 'refused':
      if (asked.code === NO_SUCH_DATABASE) return { is: 'no-database' }
      if (asked.code === NO_SUCH_TABLE) return { is: 'not-odoo' }
      return { is: 'unreachable', text: asked.text }
  }
}

/** Whether Odoo's PostgreSQL has a database of that name. */
export async function databaseExists(server: string, database: string): Promise<DatabaseExistence> {
  const asked = await ask(server, database, 'select 1')
  if (asked.is === 'answered') return { is: 'there' }
  return asked.code === NO_SUCH_DATABASE ? { is: 'missing' } : { is: 'unreachable', text: asked.text }
}

/** The variables by which a program of PostgreSQL's, and so Odoo, finds the server of ODOO_DATABASE_URL. */
export function postgresEnvironment(server: string): Record<string, string> {
  const url = new URL(server)
  const given = {
    PGHOST: url.searchParams.get('host') ?? url.hostname,
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGSSLMODE: url.searchParams.get('sslmode') ?? '',
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
}

type Answer = { is: 'answered'; rows: readonly unknown[] } | { is: 'refused'; code: string | null; text: string }

async function ask(server: string, database: string, query: string): Promise<Answer> {
  const url = new URL(server)
  url.pathname = `/${encodeURIComponent(database)}`
  const client = new pg.Client({
    connectionString: url.href,
    connectionTimeoutMillis: PATIENCE_MS,
    statement_timeout: PATIENCE_MS,
    // Where the server is gone without a word.
    query_timeout: 2 * PATIENCE_MS,
    application_name: 'git-connections',
  })
  // A connection that breaks while it is closed concerns nobody any more.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query(query)
    return { is: 'answered', rows }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const code = 'code' in error && typeof error.code === 'string' ? error.code : null
    return { is: 'refused', code, text: error.message || (code ?? 'The database gave no answer.') }
  } finally {
    await client.end().catch(() => {})
  }
}
