/** A row of an inline table written in the same statement as the events; `row: null` removes the row with that key. */
export interface RowChange {
  readonly table: string
  /** Key columns beside organization_id. */
  readonly key: readonly string[]
  readonly values: Readonly<Record<string, unknown>>
  readonly remove: boolean
}

/** The shape of rows that one statement writes: which table, which key, which columns. */
export interface RowSlot {
  readonly table: string
  readonly key: readonly string[]
  readonly columns: readonly string[]
  readonly remove: boolean
}

const FIXED_PARAMETERS = 28

/**
 * The one statement that writes. It moves the streams' heads where their versions are the expected ones, takes the
 * next positions of the organizations of those commands, appends their events, and writes their receipts and inline
 * rows; a command whose version check is lost writes nothing. Heads are taken in a fixed order, so that two batches
 * cannot deadlock. A stream that is named without events is held: its version must be the expected one, and the head
 * remembers that somebody counted on it. It writes nothing at all when the caller folded with a projection version that is not live.
 */
export function appendStatement(slots: readonly RowSlot[]): string {
  const rowParts = slots.map((slot, index) => rowPart(slot, index)).join('')
  return `
with command as (
  select * from unnest($1::int[], $2::uuid[], $3::uuid[], $4::bytea[], $5::timestamptz[])
    as c(n, organization_id, command_id, request_hash, recorded_at)
),
stream as (
  select s.*, c.organization_id
  from unnest($6::int[], $7::text[], $8::uuid[], $9::int[], $10::int[], $11::jsonb[], $12::int[],
    $28::int[]) as s(n, stream_type, stream_id, expected, next, state, state_version, expected_held)
  join command c on c.n = s.n
),
event_in as (
  select * from unnest($13::int[], $14::int[], $15::text[], $16::uuid[], $17::int[], $18::uuid[], $19::text[],
    $20::int[], $21::jsonb[], $22::jsonb[], $23::uuid[], $24::uuid[], $25::bytea[])
    as e(n, ordinal, stream_type, stream_id, version, event_id, type, schema_version, data, actor, correlation_id,
      causation_id, leaf_hash)
),
stale as (
  select 1 from unnest($26::text[], $27::int[]) as p(name, version)
  left join live_projection live on live.name = p.name
  where live.version is distinct from p.version
),
moved as (
  insert into stream_head as head (organization_id, stream_type, stream_id, version, state, state_version)
  select s.organization_id, s.stream_type, s.stream_id, s.next, s.state, s.state_version
  from stream s
  where not exists (select 1 from stale)
    and (s.expected = 0 or exists (
      select 1 from stream_head h where h.organization_id = s.organization_id and h.stream_id = s.stream_id))
  order by s.organization_id, s.stream_id
  on conflict (organization_id, stream_id) do update
    set version = excluded.version, state = excluded.state, state_version = excluded.state_version,
      held = head.held + (excluded.version = head.version)::int
    where (
      select s.expected = head.version and coalesce(s.expected_held = head.held, true) from stream s
      where s.organization_id = excluded.organization_id and s.stream_id = excluded.stream_id)
  returning head.organization_id, head.stream_id
),
won as (
  select s.n, count(*) as wanted, count(m.stream_id) as got
  from stream s left join moved m using (organization_id, stream_id)
  group by s.n
),
partial as (
  select refuse_partial_append() from won where got > 0 and got < wanted
),
fresh as (
  select c.*, (select count(*) from event_in e where e.n = c.n) as events
  from command c join won w using (n) where w.got = w.wanted
),
log as (
  insert into log_head as l (organization_id, position)
  select organization_id, sum(events) from fresh where events > 0 group by 1 order by 1
  on conflict (organization_id) do update set position = l.position + excluded.position
  returning organization_id, position
),
appended as (
  insert into event (organization_id, position, stream_type, stream_id, version, event_id, type, schema_version, data,
    actor, correlation_id, causation_id, command_id, recorded_at, leaf_hash)
  select f.organization_id,
    l.position - count(*) over (partition by f.organization_id)
      + row_number() over (partition by f.organization_id order by e.n, e.ordinal),
    e.stream_type, e.stream_id, e.version, e.event_id, e.type, e.schema_version, e.data,
    e.actor, e.correlation_id, e.causation_id, f.command_id, f.recorded_at, e.leaf_hash
  from event_in e join fresh f using (n) join log l using (organization_id)
  returning event_id, position
),
receipted as (
  insert into receipt (organization_id, command_id, request_hash, recorded_at)
  select organization_id, command_id, request_hash, recorded_at from fresh order by 1, 2
)${rowParts}
select f.n, null::uuid as event_id, null::bigint as position from fresh f
union all
select null, event_id, position from appended
union all
select null, null, count(*) from partial having count(*) < 0`
}

function rowPart(slot: RowSlot, index: number): string {
  const numbers = FIXED_PARAMETERS + 1 + index * 2
  const from = `unnest($${numbers}::int[], $${numbers + 1}::jsonb[]) as x(n, doc) join fresh f using (n)
    cross join lateral jsonb_populate_record(null::${quote(slot.table)}, x.doc) as r`
  const key = ['organization_id', ...slot.key].map(quote)
  if (slot.remove) {
    const match = key.map((column) => `t.${column} = gone.${column}`).join(' and ')
    return `,
row_${index} as (
  delete from ${quote(slot.table)} t using (select r.* from ${from}) gone where ${match}
)`
  }
  const columns = slot.columns.map(quote)
  const updates = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`)
  return `,
row_${index} as (
  insert into ${quote(slot.table)} (${columns.join(', ')})
  select ${columns.map((column) => `r.${column}`).join(', ')} from ${from}
  order by ${key.map((column) => `r.${column}`).join(', ')}
  on conflict (${key.join(', ')}) do update set ${updates.join(', ')}
)`
}

function quote(identifier: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(identifier)) throw new Error(`Not a plain identifier: ${identifier}`)
  return `"${identifier}"`
}
