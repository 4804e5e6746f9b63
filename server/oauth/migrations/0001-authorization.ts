import { type Kysely, sql } from 'kysely'

/** People who are at a provider just now to allow access, and what came of it. */
export const authorization = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table oauth_authorization (
        organization_id uuid not null,
        id uuid not null,
        state_hash bytea not null,
        user_id text not null,
        session_hash bytea,
        provider text not null,
        base_url text not null,
        client_id text not null,
        connection_id uuid,
        name text,
        certificate_authority jsonb,
        status text not null,
        message text not null,
        linked_id uuid,
        held jsonb,
        begun_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        primary key (organization_id, id)
      )`.execute(db)
    await sql`create unique index on oauth_authorization (state_hash)`.execute(db)
    await sql`create index on oauth_authorization (expires_at)`.execute(db)
  },
}
