import { randomUUID } from 'node:crypto'
import { allProjections, asyncProjections, inlineProjections, startProjections } from '@git-connections/projections'
import { rebuild, verify } from '@git-connections/projections/replay'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { command, create, openWorld } from './history.ts'
import { untilWaiting } from './lock-waits.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let swapper: pg.Client
let organizationId: string

beforeAll(async () => {
  world = await openWorld()
  swapper = new pg.Client({ connectionString: world.connectionString })
  await swapper.connect()
})
afterAll(async () => {
  await swapper.end()
  await world.close()
})
beforeEach(() => {
  organizationId = randomUUID()
})

const createOne = (connectionId = randomUUID()) => command(world.store, { organizationId, connectionId }, create())

async function countOf(table: 'event' | 'stream_head' | 'receipt' | 'connection_status'): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)} where organization_id = ${organizationId}`.execute(world.store.db)
  return rows[0]?.count ?? 0
}

describe('a writer that waits for a view while another table is swapped in', () => {
  beforeEach(async () => {
    await swapper.query('begin')
    // Lets others read, as the decision does before it is written, but not write.
    await swapper.query('lock table connection_status in share mode')
  })
  afterEach(async () => {
    await swapper.query('drop table if exists replaced')
  })

  async function swap(): Promise<void> {
    await swapper.query('alter table connection_status rename to replaced')
    await swapper.query('create table connection_status (like replaced including all)')
    await swapper.query('insert into connection_status select * from replaced')
  }

  test('writes into the new one', async () => {
    const writing = createOne()
    await untilWaiting(swapper, 1)
    await swap()
    await swapper.query('commit')
    expect(await writing).toMatchObject({ position: 1 })
    expect(await countOf('connection_status')).toBe(1)
  })

  test('writes nothing where the new one is of another version', async () => {
    const writing = createOne()
    const refused = expect(writing).rejects.toMatchObject({ code: 'ProjectionChanged' })
    await untilWaiting(swapper, 1)
    await swap()
    await swapper.query(`update live_projection set version = version + 1 where name = 'connection_status'`)
    await swapper.query('commit')
    await refused
    for (const table of ['event', 'stream_head', 'receipt', 'connection_status'] as const) {
      expect(await countOf(table), table).toBe(0)
    }
    await swapper.query(`update live_projection set version = version - 1 where name = 'connection_status'`)
    expect(await createOne()).toMatchObject({ position: 1 })
  })
})

describe('what follows the log for the views', () => {
  const errors: object[] = []
  const start = () => startProjections(world.store, { log: { error: (fields) => errors.push(fields) } })
  const [first, second] = asyncProjections
  if (!first || !second) throw new Error('two views are needed to see one go on without the other')

  /** Waits until the view has seen all of the organization's log, as long as a busy machine may need. */
  const reached = (name: string) =>
    vi.waitFor(
      async () => {
        const { rows } = await sql<{ behind: number }>`
          select l.position - coalesce(c.position, 0) as behind from log_head l
          left join checkpoint c on c.organization_id = l.organization_id and c.projection = ${name}
          where l.organization_id = ${organizationId}`.execute(world.store.db)
        expect(rows).toEqual([{ behind: 0 }])
      },
      { timeout: 15_000 },
    )

  const rowsOf = (name: string) =>
    sql<{ doc: unknown }>`select to_jsonb(t) as doc from ${sql.table(name)} t
      where organization_id = ${organizationId} order by 1`.execute(world.store.db)

  test('writes nothing into one of another version, and goes on once it is of its own again', async () => {
    await rebuild(world.store, { ...first, version: first.version + 1 }, { inline: false })
    const runner = start()
    await createOne()
    // Each round looks after the first one first, so it had its turn when the second one is there.
    await reached(second.name)
    expect((await rowsOf(second.name)).rows).toHaveLength(1)
    expect((await rowsOf(first.name)).rows).toEqual([])
    await rebuild(world.store, first, { inline: false })
    await createOne()
    await reached(first.name)
    await runner.stop()
    expect((await rowsOf(first.name)).rows).toHaveLength(2)
    for (const projection of allProjections) {
      const inline = inlineProjections.includes(projection)
      expect((await verify(world.store, projection, { inline })).differences).toEqual([])
    }
  })

  test('is not held up by an organization whose rows cannot be read', async () => {
    const broken: string[] = []
    const runner = start()
    for (let n = 0; n < 9; n++) {
      organizationId = randomUUID()
      broken.push(organizationId)
      const connectionId = randomUUID()
      await createOne(connectionId)
      await reached(first.name)
      await sql`update creator_audit set provider = 'none of ours' where organization_id = ${organizationId}`.execute(
        world.store.db,
      )
      await command(world.store, { organizationId, connectionId }, { type: 'RenameConnection', name: 'other' })
    }
    organizationId = randomUUID()
    await createOne()
    await reached(first.name)
    expect((await rowsOf(first.name)).rows).toHaveLength(1)
    await runner.stop()
    const told = errors.flatMap((fields) => ('organizationId' in fields ? [fields.organizationId] : []))
    expect(new Set(told)).toEqual(new Set(broken))
  })
})
