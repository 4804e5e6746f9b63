import { allEvents, createRegistry } from '@git-connections/events'
import { holdsMigration, logMigration, openPool, queryBuilder } from '@git-connections/events/store'
import { ensureProjections } from '@git-connections/projections'
import { type Migration, Migrator } from 'kysely/migration'
import { people } from '../auth/migrations/0001-people.ts'
import { invitationLinks } from '../auth/migrations/0002-invitation-links.ts'
import { broker } from '../broker/migrations/0001-broker.ts'
import { deployments } from '../deployments/migrations/0001-deployments.ts'
import { authorization } from '../oauth/migrations/0001-authorization.ts'
import { probeAllowance } from '../probe/migrations/0001-allowance.ts'
import { repositories } from '../repositories/migrations/0001-repositories.ts'
import { branches } from '../repositories/migrations/0002-branches.ts'
import { vault } from '../vault/migrations/0001-vault.ts'

/** Every change of the schema, in order; a released one is never edited. Projections bring their own tables. */
const migrations: Record<string, Migration> = {
  '0001-log': logMigration,
  '0002-people': people,
  '0003-vault': vault,
  '0004-broker': broker,
  '0005-authorization': authorization,
  '0006-invitation-links': invitationLinks,
  '0007-repositories': repositories,
  '0008-branches': branches,
  '0009-probe-allowance': probeAllowance,
  '0010-holds': holdsMigration,
  '0011-deployments': deployments,
}

/**
 * Brings a database to the schema of this program; with `rebuild` (the default) also the projections whose version is
 * another than the live one.
 */
export async function migrate(connectionString: string, options: { rebuild?: boolean } = {}): Promise<void> {
  const pool = openPool(connectionString, { max: 2 })
  const db = queryBuilder<never>(pool)
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
    const registry = createRegistry(allEvents)
    if (options.rebuild ?? true) await ensureProjections(pool, registry)
  } finally {
    await pool.end()
  }
}
