import { join } from 'node:path'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../server/database/embedded-postgres.ts'

/** The most that an operator can make PostgreSQL write: every statement, with all that is bound to it. */
const LOG_ALL = {
  log_statement: 'all',
  log_min_duration_statement: '0',
  log_parameter_max_length: '-1',
  log_parameter_max_length_on_error: '-1',
  log_min_error_statement: 'error',
  log_min_messages: 'info',
  log_error_verbosity: 'verbose',
  log_connections: 'on',
  log_disconnections: 'on',
  // Whole pages in the write-ahead log too.
  full_page_writes: 'on',
}

const DATABASE = 'connections'
const ROLE = 'connections'

/** A PostgreSQL of an operator's, with a database for the server and a role that opens it by that password. */
export async function startPostgresThatLogs(folder: string, password: string) {
  const clusterDir = join(folder, 'cluster')
  const postgres = await startEmbeddedPostgres({ clusterDir, settings: LOG_ALL })
  await inSilence(postgres, 'postgres', async (client) => {
    await client.query(`create role ${ROLE} login password ${client.escapeLiteral(password)}`)
    await client.query(`create database ${DATABASE} owner ${ROLE}`)
  })
  let stopping: Promise<void> | undefined
  async function stop() {
    await inSilence(postgres, DATABASE, (client) => client.query('checkpoint'))
    await postgres.stop()
  }
  const url = new URL(postgres.connectionString)
  Object.assign(url, { username: ROLE, password: encodeURIComponent(password), pathname: `/${DATABASE}` })
  return {
    connectionString: url.href,
    clusterDir,
    logFile: `${clusterDir}.log`,
    /** Every column of the server's database that holds anything, all rows as text. */
    columns: () => inSilence(postgres, DATABASE, readColumns),
    /** Brings everything to disk, and ends. */
    stop: () => (stopping ??= stop()),
  }
}

/** What the test itself does must not stand in the log. */
async function inSilence<Result>(
  postgres: EmbeddedPostgres,
  database: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const url = new URL(postgres.connectionString)
  url.pathname = `/${database}`
  const options = '-c log_statement=none -c log_min_duration_statement=-1'
  const client = new pg.Client({ connectionString: url.href, options })
  await client.connect()
  return work(client).finally(() => client.end())
}

async function readColumns(client: pg.Client): Promise<Map<string, string>> {
  const columns = await client.query<{ name: string; query: string }>(`
    select format('%s.%s.%s', n.nspname, c.relname, a.attname) as name,
      format('select string_agg(%I::text, chr(10)) as text from %I.%I', a.attname, n.nspname, c.relname) as query
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'm', 'v') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by 1`)
  const texts = new Map<string, string>()
  for (const { name, query } of columns.rows) {
    const { rows } = await client.query<{ text: string | null }>(query)
    const text = rows[0]?.text
    if (text) texts.set(name, text)
  }
  return texts
}
