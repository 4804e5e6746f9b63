import { type Kysely, sql } from 'kysely'

/** What each connection reaches, as its provider listed it: derived, and made anew after a loss. */
export const repositories = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create extension if not exists pg_trgm`.execute(db)
    await sql`create extension if not exists btree_gin`.execute(db)
    await sql`
      create table repository (
        organization_id uuid not null,
        connection_id uuid not null,
        repository_id text not null,
        full_name text not null,
        url text not null,
        private boolean not null,
        archived boolean not null,
        fork boolean not null,
        default_branch text,
        pushed_at timestamptz(3),
        run uuid not null,
        asked_at timestamptz(3),
        primary key (organization_id, connection_id, repository_id)
      )`.execute(db)
    await sql`
      create index on repository (organization_id, connection_id, pushed_at desc nulls last, repository_id)`.execute(db)
    await sql`
      create index on repository (organization_id, pushed_at desc nulls last, repository_id, connection_id)`.execute(db)
    await sql`
      create index on repository (organization_id, connection_id, asked_at) where asked_at is not null`.execute(db)
    await sql`create index on repository using gin (connection_id, lower(full_name) gin_trgm_ops)`.execute(db)
    await sql`
      create table repository_page (
        organization_id uuid not null,
        connection_id uuid not null,
        page int not null,
        etag text not null,
        next text,
        repository_ids text[] not null,
        primary key (organization_id, connection_id, page)
      )`.execute(db)
    await sql`
      create table repository_index (
        organization_id uuid not null,
        connection_id uuid not null,
        run uuid,
        run_until timestamptz,
        pages int not null default 0,
        pages_in_all int,
        repositories int not null default 0,
        as_of timestamptz(3),
        credential_version int,
        incomplete text,
        trouble text,
        asked_at timestamptz,
        primary key (organization_id, connection_id)
      )`.execute(db)
  },
}
