import { type Kysely, sql } from 'kysely'

/** Sealed credentials, and the record of every use of one. */
export const vault = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table credential (
        organization_id uuid not null,
        connection_id uuid not null,
        field text not null,
        version int not null,
        key_id text not null,
        wrapped_key bytea not null,
        sealed bytea not null,
        created_at timestamptz(3) not null,
        primary key (organization_id, connection_id, field, version)
      )`.execute(db)
    await sql`create index on credential (key_id)`.execute(db)
    await sql`
      create table installation_key (
        only_one boolean primary key default true check (only_one),
        key_id text not null,
        wrapped_key bytea not null,
        sealed bytea not null
      )`.execute(db)
    await sql`
      create table credential_use (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        field text not null,
        version int not null,
        used_at timestamptz(3) not null,
        actor jsonb not null,
        purpose text not null,
        correlation_id uuid not null,
        primary key (organization_id, id)
      )`.execute(db)
    await sql`create index on credential_use (organization_id, connection_id, used_at desc)`.execute(db)
    await sql`
      create trigger credential_use_is_append_only before update or delete or truncate on credential_use
      for each statement execute function refuse_change()`.execute(db)
  },
}
