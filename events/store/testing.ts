import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

const TEMPLATE = 'template_git_connections'

/** A database of a test's own. */
export type TestDatabase = AsyncDisposable & { connectionString: string }

/**
 * A fresh, migrated database, cloned from the template of the run's PostgreSQL (test/postgres.ts).
 * Disposing of it cuts whatever is still connected to it, and drops it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await runOn(server, `create database ${name} template ${TEMPLATE} strategy file_copy`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    connectionString: url.href,
    [Symbol.asyncDispose]: () => runOn(server, `drop database if exists ${name} with (force)`),
  }
}

async function runOn(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
