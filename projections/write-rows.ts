import { type Kysely, sql } from 'kysely'
import type { AnyProjection, Row } from './projection.ts'

const AT_ONCE = 2_000

/** Upserts rows of a projection's table in bulk, and removes the keys without a row. */
export async function writeRows(
  db: Kysely<never>,
  table: { projection: AnyProjection; schema: string },
  rows: readonly Row[],
): Promise<void> {
  const target = sql.table(`${table.schema}.${table.projection.name}`)
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const page = rows.slice(start, start + AT_ONCE)
    const columns = Object.keys(page[0] ?? {}).map((name) => sql.ref(name))
    const updates = Object.keys(page[0] ?? {}).map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`)
    await sql`
      insert into ${target} as t (${sql.join(columns)})
      select ${sql.join(columns)} from jsonb_populate_recordset(null::${target}, ${JSON.stringify(page)}::jsonb)
      on conflict (organization_id, ${sql.ref(table.projection.key)}) do update set ${sql.join(updates)}
    `.execute(db)
  }
}

/** Rows of a projection's table by key, as jsonb gives them. */
export async function readRows(
  db: Kysely<never>,
  table: { projection: AnyProjection; schema: string },
  organizationId: string,
  keys: readonly string[] | null,
): Promise<Map<string, unknown>> {
  const { projection, schema } = table
  const filter = keys === null ? sql`` : sql`and t.${sql.ref(projection.key)}::text = any(${[...keys]}::text[])`
  const result = await sql<{ key: string; row: unknown }>`
    select t.${sql.ref(projection.key)}::text as key, to_jsonb(t) as row
    from ${sql.table(`${schema}.${projection.name}`)} t
    where t.organization_id = ${organizationId} ${filter}
  `.execute(db)
  return new Map(result.rows.map(({ key, row }) => [key, row]))
}
