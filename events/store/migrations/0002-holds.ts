import { type Kysely, sql } from 'kysely'

/** How often an append has counted on a stream without changing it. */
export const holds = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table stream_head add column held int not null default 0`.execute(db)
  },
}
