import { type Kysely, sql } from 'kysely'
import { invitationReference } from '../invitation-link.ts'

/**
 * Takes the secret of an invitation's link out of the database: from now on its row is named by the reference, and what
 * the link was derived from stands beside it. Links that are out go on working.
 */
export const invitationLinks = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table invitation add column "commandId" uuid`.execute(db)
    const { rows } = await sql<{ id: string }>`select id from invitation`.execute(db)
    for (const { id } of rows) {
      await sql`update invitation set id = ${invitationReference(id)} where id = ${id}`.execute(db)
    }
  },
}
