import { logMigration, openPool, queryBuilder } from '@git-connections/events/store'
import { type Migration, Migrator } from 'kysely/migration'

/** Every change of the schema, in order; a released one is never edited. */
const migrations: Record<string, Migration> = {
  '0001-log': logMigration,
}

/** Brings a database to the schema of this program. */
export async function migrate(connectionString: string): Promise<void> {
  const pool = openPool(connectionString, { max: 2 })
  const db = queryBuilder<never>(pool)
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
  } finally {
    await pool.end()
  }
}
