import { randomUUID } from 'node:crypto'
import { startProjections } from '@git-connections/projections'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { command, create, openWorld } from './history.ts'
import { againstLog, againstViews, behindLog, brokenOrder, type Claim, newClaim } from './ledger.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let claims: Claim[]
let renamed: Claim
const organizationId = randomUUID()
const connectionId = randomUUID()

beforeAll(async () => {
  world = await openWorld()
  const claim = (event: string) =>
    newClaim({ organizationId, streamId: connectionId, commandId: randomUUID(), events: [event] })
  const created = claim('ConnectionCreated')
  renamed = claim('ConnectionRenamed')
  claims = [created, renamed]
  await command(world.store, { organizationId, connectionId, commandId: created.commandId }, create())
  const rename = { type: 'RenameConnection' as const, name: 'other' }
  await command(world.store, { organizationId, connectionId, commandId: renamed.commandId }, rename)
  for (const each of claims) each.answer = 'acknowledged'
  const runner = startProjections(world.store, { log: { error: () => {} } })
  await vi.waitFor(async () => expect(await behindLog(world.store.db)).toEqual([]), { timeout: 15_000 })
  await runner.stop()
})
afterAll(() => world.close())

class Undone extends Error {}

/** Alters the log as nothing in the product can, looks at it, and undoes it. */
async function forged(statement: string, look: (db: typeof world.store.db) => Promise<string[]>): Promise<string[]> {
  let found: string[] = []
  const looking = world.store.db.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await sql.raw(statement).execute(tx)
    found = await look(tx)
    throw new Undone()
  })
  await expect(looking).rejects.toBeInstanceOf(Undone)
  return found
}

describe('the ledger', () => {
  test('finds nothing wrong where nothing is', async () => {
    const { db } = world.store
    expect(await againstLog(db, claims)).toEqual([])
    expect(await brokenOrder(db)).toEqual([])
    expect(await behindLog(db)).toEqual([])
    expect(await againstViews(world.store)).toEqual([])
  })

  test.each([
    ['was lost', `delete from event where type = 'ConnectionRenamed'`],
    [
      'is there twice',
      `insert into event select (jsonb_populate_record(e, jsonb_build_object(
        'position', 3, 'version', 3, 'event_id', gen_random_uuid()))).* from event e where type = 'ConnectionRenamed'`,
    ],
    ['became another', `update event set type = 'ConnectionDisabled' where type = 'ConnectionRenamed'`],
    ['has no receipt', `delete from receipt`],
  ])('finds that an acknowledged change %s', async (_, statement) => {
    const found = await forged(statement, (db) => againstLog(db, claims))
    expect(found.join()).toContain(renamed.commandId)
  })

  test.each(['refused', null] as const)(
    'finds a change that was carried out although its answer was %s',
    async (answer) => {
      renamed.answer = answer
      expect((await againstLog(world.store.db, claims)).join()).toContain(renamed.commandId)
    },
  )

  test.each([
    ['place', 'update event set position = 3 where position = 2'],
    ['version', 'update event set version = 3 where version = 2'],
    ['head of the organization', 'update log_head set position = 3'],
    ['head of the stream', 'update stream_head set version = 3'],
    ['stream', 'delete from stream_head'],
    ['receipt', 'delete from receipt'],
  ])('finds a wrong or missing %s', async (_, statement) => {
    expect(await forged(statement, brokenOrder)).not.toEqual([])
  })

  test('finds a view that lags, and one that is wrong', async () => {
    expect(await forged(`update checkpoint set position = 1 where projection = 'audit_entry'`, behindLog)).toHaveLength(
      1,
    )
    await sql`update connection_status set name = 'forged'`.execute(world.store.db)
    expect((await againstViews(world.store)).join()).toContain('connection_status')
  })
})
