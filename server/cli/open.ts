import { resolve } from 'node:path'
import { allEvents, createRegistry } from '@git-connections/events'
import { type EventStore, openEventStore, openPool } from '@git-connections/events/store'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { DatabaseStartError } from '../database/database-start-error.ts'
import { migrate } from '../database/migrate.ts'
import { openDatabaseServer } from '../database/server.ts'

/** What a command of the command line works with. */
export interface Opened {
  readonly config: Config
  readonly store: EventStore
  readonly print: (line: string) => void
}

/**
 * Opens the database beside a running server, or starts it where none runs; gives it back when the command is done.
 * A refusal of the operator's input or settings is one line and exit code 1.
 */
export async function withStore(command: (opened: Opened) => Promise<number>): Promise<void> {
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  try {
    const config = readConfig(process.env)
    // Child processes and crash reports must not see it.
    delete process.env.MASTER_KEYS
    const dataDir = resolve(config.dataDir)
    const database = await openDatabaseServer({ databaseUrl: config.databaseUrl, dataDir, role: 'command' })
    const pool = openPool(database.connectionString, { max: 4, applicationName: 'git-connections command' })
    try {
      await migrate(database.connectionString, { rebuild: false })
      const registry = createRegistry(allEvents)
      process.exitCode = await command({
        config,
        store: await openEventStore({ pool, registry, listen: false }),
        print,
      })
    } finally {
      await pool.end()
      await database.stop()
    }
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof DatabaseStartError || error instanceof UsageError))
      throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

/** The command was not written as it must be; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
