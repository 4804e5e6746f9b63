import { type Kysely, sql } from 'kysely'

/** How often an organization had addresses probed in its current minute. */
export const probeAllowance = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table probe_allowance (
        organization_id uuid primary key,
        began_at timestamptz(3) not null,
        used integer not null
      )`.execute(db)
  },
}
