import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../server/database/embedded-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Names the database `postgres` of the run's throw-away cluster, as superuser. */
    postgresUrl: string
  }
}

const TEMPLATE = 'template_git_connections'

/** One throw-away PostgreSQL for the whole run, with a migrated template that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'git-connections-test-'))
  // PostgreSQL runs as another account where we are root, and must get through.
  await chmod(folder, 0o711)
  const postgres = await startEmbeddedPostgres({
    clusterDir: join(folder, 'postgres'),
    durable: false,
    settings: { max_connections: '200' },
  })
  const teardown = async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await createTemplate(postgres.connectionString)
  } catch (error) {
    await teardown()
    throw error
  }
  project.provide('postgresUrl', postgres.connectionString)
  return teardown
}

async function createTemplate(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(`create database ${TEMPLATE}`)
  await client.end()
  const template = new URL(connectionString)
  template.pathname = `/${TEMPLATE}`
  const migrations = new URL('../server/database/migrate.ts', import.meta.url)
  if (!existsSync(migrations)) return
  const { migrate } = await import(migrations.href)
  await migrate(template.href)
}
