import pg from 'pg'
import type { Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { z } from 'zod'
import { cardOf } from './hands.ts'
import { connectionsOf, soon, type World } from './world.ts'

const line = z.object({
  position: z.coerce.number(),
  type: z.string(),
  stream: z.string(),
  actor: z.object({ kind: z.string(), name: z.string() }),
  data: z.looseObject({ name: z.string().optional(), outcome: z.string().optional(), status: z.string().nullish() }),
  at: z.date(),
})
type Line = z.infer<typeof line>

/** Asks the database of the journey's server. */
export async function query(world: World, sql: string, values: readonly string[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: world.connectionString })
  await client.connect()
  const { rows } = await client.query<object>(sql, [...values]).finally(() => client.end())
  return rows
}

/** The log itself, the oldest first. */
export async function logOf(world: World): Promise<Line[]> {
  const columns = 'position, type, stream_id as stream, actor, data, recorded_at as at'
  return line.array().parse(await query(world, `select ${columns} from event order by position`))
}

/** What the log says of a connection, by a fold of the tests' own. */
export async function logSays(world: World, connectionId: string, until = new Date()) {
  const known = { name: '', status: 'pending', enabled: true, deleted: false, types: [] as string[] }
  for (const { stream, type, data, at } of await logOf(world)) {
    if (stream !== connectionId || at > until) continue
    known.types.push(type)
    known.name = data.name ?? known.name
    known.status = type === 'ConnectionExpired' ? 'expired' : (data.outcome ?? data.status ?? known.status)
    if (type === 'ConnectionEnabled' || type === 'ConnectionDisabled') known.enabled = type === 'ConnectionEnabled'
    if (type === 'ConnectionDeleted' || type === 'ConnectionRestored') known.deleted = type === 'ConnectionDeleted'
  }
  return known
}

const words: Record<string, string> = {
  ...{ active: 'Active', expired: 'Expired', revoked: 'Revoked' },
  ...{ error: 'Error', invalid: 'Invalid', pending: 'Pending' },
}

/**
 * Waits until page, API and log tell the same of a connection; gives the types of its events, the oldest first. The page
 * must show the connections, and is not touched.
 */
export async function agree(
  page: Page,
  world: World,
  expected: { name: string; status: string; enabled?: boolean },
): Promise<string[]> {
  const { name, status, enabled = true } = expected
  const card = cardOf(page, name)
  await card.getByText(words[status] ?? status, { exact: true }).waitFor()
  await card.getByRole('img', { name: enabled ? 'Enabled' : 'Disabled', exact: true }).waitFor()
  const connection = (await connectionsOf(page)).find((each) => each.name === name)
  expect(connection).toMatchObject({ status, enabled })
  const { types, ...known } = await logSays(world, connection?.id ?? '')
  expect(known).toEqual({ name, status, enabled, deleted: false })
  return types
}

/** Waits for an event in the log. */
export async function untilLogged(world: World, wanted: { type: string; by: string }): Promise<void> {
  await vi.waitFor(async () => {
    const lines = (await logOf(world)).map(({ type, actor }) => ({ type, by: actor.name }))
    expect(lines).toContainEqual(wanted)
  }, soon)
}
