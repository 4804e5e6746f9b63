import { query } from './log.ts'
import type { World } from './world.ts'

/**
 * Puts so many repositories, and no others, where the list of a connection is kept, as though its provider had told them, and has the
 * provider not asked again. The first one, `acme/module-00001`, is the most recently active and has so many branches.
 */
export async function reachMany(
  world: World,
  connectionId: string,
  { repositories, branches }: { repositories: number; branches: number },
): Promise<void> {
  const of = `select organization_id, connection_id from connection_status where connection_id = $1`
  await query(world, 'delete from repository where connection_id = $1', [connectionId])
  await query(
    world,
    `insert into repository
      select organization_id, connection_id, (1000000 + n)::text, 'acme/module-' || lpad(n::text, 5, '0'),
        'https://github.invalid/acme/module-' || n, n % 3 <> 0, n % 10 = 4, n % 7 = 3, '17.0',
        date_trunc('hour', now()) - n * interval '5 hours' - interval '90 seconds', gen_random_uuid()
      from (${of}) as of, generate_series(1, ${repositories}) as n`,
    [connectionId],
  )
  await query(
    world,
    `insert into repository_index (organization_id, connection_id, pages, pages_in_all, repositories, as_of, asked_at)
      select organization_id, connection_id, 100, 100, ${repositories}, now() - interval '2 minutes', '2100-01-01'
      from (${of}) as of
      on conflict (organization_id, connection_id) do update set run = null, pages = 100, pages_in_all = 100,
        repositories = excluded.repositories, as_of = excluded.as_of, asked_at = excluded.asked_at`,
    [connectionId],
  )
  await query(
    world,
    `insert into branch
      select organization_id, connection_id, '1000001', name, lpad(to_hex(n), 40, '0'), now() - n * interval '3 hours'
      from (${of}) as of, (
        select n, case n when 900 then '17.0' else 'feature/ticket-' || lpad(n::text, 4, '0') end as name
        from generate_series(1, ${branches}) as n) as named`,
    [connectionId],
  )
  await query(
    world,
    `insert into branch_list select organization_id, connection_id, '1000001', '2100-01-01' from (${of}) as of`,
    [connectionId],
  )
}
