import { DomainError } from '@git-connections/events'
import type { Shell } from '../shell.ts'

/** Databases that PostgreSQL brings along. */
const RESERVED: ReadonlySet<string> = new Set(['postgres', 'template0', 'template1'])

interface Claim {
  readonly organizationId: string
  readonly environmentId: string
  readonly database: string
}

/**
 * Sees to it that no two environments share a database of Odoo, whichever organizations they are of: all of them may
 * lie on one server, and what is in a database outlives its environment. So a name stays with the organization that
 * had it first.
 * @throws {DomainError} DatabaseTaken
 */
export async function claimDatabase({ db, config }: Pick<Shell, 'db' | 'config'>, claim: Claim): Promise<void> {
  const { organizationId, environmentId, database } = claim
  const ours = config.databaseUrl ? decodeURIComponent(new URL(config.databaseUrl).pathname.slice(1)) : null
  if (RESERVED.has(database) || database === ours) throw taken(database)
  await db
    .insertInto('odoo_database')
    .values({ name: database, organization_id: organizationId, environment_id: environmentId })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const owner = await db.selectFrom('odoo_database').selectAll().where('name', '=', database).executeTakeFirstOrThrow()
  if (owner.organization_id !== organizationId) throw taken(database)
  if (owner.environment_id === environmentId) return
  const living = await db
    .selectFrom('environment_status')
    .select('environment_id')
    .where('organization_id', '=', organizationId)
    .where('environment_id', '=', owner.environment_id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (living) throw taken(database)
  const moved = await db
    .updateTable('odoo_database')
    .set({ environment_id: environmentId })
    .where('name', '=', database)
    .where('environment_id', '=', owner.environment_id)
    .executeTakeFirst()
  if (moved.numUpdatedRows === 0n) throw taken(database)
}

function taken(database: string): DomainError {
  return new DomainError('DatabaseTaken', `The database "${database}" is another one's. Choose another name.`, {
    field: 'database',
  })
}
