import { type Kysely, sql } from 'kysely'

/** What a deployment leaves beside its events: its steps, its plan, its log; and which database is whose. */
export const deployments = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table deployment_run (
        organization_id uuid not null,
        deployment_id uuid not null,
        environment_id uuid not null,
        number int not null,
        steps jsonb not null,
        plan jsonb,
        release text,
        lines int not null default 0,
        primary key (organization_id, deployment_id)
      )`.execute(db)
    await sql`create index on deployment_run (organization_id, environment_id)`.execute(db)
    await sql`
      create table deployment_line (
        organization_id uuid not null,
        deployment_id uuid not null,
        line int not null,
        at timestamptz(3) not null,
        step text not null,
        level text not null,
        text text not null,
        primary key (organization_id, deployment_id, line)
      )`.execute(db)
    await sql`
      create table odoo_database (
        name text primary key,
        organization_id uuid not null,
        environment_id uuid not null
      )`.execute(db)
  },
}
