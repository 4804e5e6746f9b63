import { type Kysely, sql } from 'kysely'

/** The branches of repositories that somebody looked into: derived, as the repositories are. */
export const branches = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table branch (
        organization_id uuid not null,
        connection_id uuid not null,
        repository_id text not null,
        name text not null,
        commit text not null,
        committed_at timestamptz(3),
        primary key (organization_id, connection_id, repository_id, name)
      )`.execute(db)
    await sql`
      create table branch_list (
        organization_id uuid not null,
        connection_id uuid not null,
        repository_id text not null,
        as_of timestamptz(3) not null,
        primary key (organization_id, connection_id, repository_id)
      )`.execute(db)
  },
}
