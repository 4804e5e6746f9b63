import { type Kysely, sql } from 'kysely'

/** The log, the heads of streams and organizations, the receipts of commands, and what follows the log. */
export const log = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table event (
        organization_id uuid not null,
        position bigint not null check (position > 0),
        stream_type text not null,
        stream_id uuid not null,
        version int not null check (version > 0),
        event_id uuid not null,
        type text not null,
        schema_version int not null,
        data jsonb not null,
        actor jsonb not null,
        correlation_id uuid not null,
        causation_id uuid,
        command_id uuid not null,
        recorded_at timestamptz(3) not null,
        leaf_hash bytea not null,
        primary key (organization_id, position),
        unique (organization_id, stream_id, version),
        unique (organization_id, event_id)
      )`.execute(db)
    await sql`
      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the table % is append-only', tg_table_name using errcode = 'insufficient_privilege';
      end $$`.execute(db)
    await sql`
      create trigger event_is_append_only before update or delete or truncate on event
      for each statement execute function refuse_change()`.execute(db)
    await sql`
      create table stream_head (
        organization_id uuid not null,
        stream_type text not null,
        stream_id uuid not null,
        version int not null,
        state jsonb not null,
        state_version int not null,
        primary key (organization_id, stream_id)
      )`.execute(db)
    await sql`
      create table log_head (
        organization_id uuid primary key,
        position bigint not null
      )`.execute(db)
    await sql`
      create table receipt (
        organization_id uuid not null,
        command_id uuid not null,
        request_hash bytea not null,
        recorded_at timestamptz(3) not null,
        primary key (organization_id, command_id)
      )`.execute(db)
    await sql`create table live_projection (name text primary key, version int not null)`.execute(db)
    await sql`
      create table checkpoint (
        organization_id uuid not null,
        projection text not null,
        position bigint not null,
        primary key (organization_id, projection)
      )`.execute(db)
    await sql`
      create table parked_stream (
        organization_id uuid not null,
        projection text not null,
        stream_id uuid not null,
        position bigint not null,
        reason text not null,
        parked_at timestamptz(3) not null default now(),
        primary key (organization_id, projection, stream_id)
      )`.execute(db)
    await sql`
      create function refuse_partial_append() returns boolean language plpgsql volatile as $$
      begin
        raise exception 'some streams of this append have moved' using errcode = 'GC001';
      end $$`.execute(db)
  },
}
