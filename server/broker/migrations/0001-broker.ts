import { type Kysely, sql } from 'kysely'

/** Who refreshes which connection just now, and which uses of a credential must not be cut off by a refresh. */
export const broker = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table refresh_lease (
        organization_id uuid not null,
        connection_id uuid not null,
        holder uuid not null,
        until timestamptz not null,
        primary key (organization_id, connection_id)
      )`.execute(db)
    await sql`
      create table credential_hold (
        organization_id uuid not null,
        connection_id uuid not null,
        id uuid not null,
        credential_version int not null,
        until timestamptz not null,
        primary key (organization_id, connection_id, id)
      )`.execute(db)
  },
}
