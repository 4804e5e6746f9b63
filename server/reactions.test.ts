import { randomUUID } from 'node:crypto'
import { openEventStore } from '@git-connections/events/store'
import { sql } from 'kysely'
import { PgBoss } from 'pg-boss'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { command, create, openWorld, registry } from '../test/faults/history.ts'
import type { Job } from './jobs/jobs.ts'
import { createQueues, putJob } from './jobs/queue.ts'
import { createLog } from './log.ts'
import { startReactions } from './reactions.ts'

const QUEUE = 'validate-connection'
const CONNECTIONS = 5
const log = createLog('silent')

type Put = (job: Job, at: Date | null) => Promise<void>

let world: Awaited<ReturnType<typeof openWorld>>
let boss: PgBoss
let organizationId: string
let put: Put
const running: { stop: () => Promise<void> }[] = []

beforeAll(async () => {
  world = await openWorld()
  // Nobody works on the queue here: a job stays where it was put, unless a test takes it.
  boss = new PgBoss({ connectionString: world.connectionString, max: 4, supervise: false, schedule: false })
  await boss.start()
  await createQueues(boss)
  put = (job, at) => putJob(boss, job, at)
})
afterAll(async () => {
  await boss.stop({ graceful: false })
  await world.close()
})

beforeEach(() => {
  organizationId = randomUUID()
})
afterEach(async () => {
  for (const reactions of running.splice(0)) await reactions.stop()
})

/** Reactions as a server runs them; `put` is its way to the queue. */
function start(way: Put = put, store = world.store) {
  const reactions = startReactions({ store, log, settleAfterMs: 90_000 }, way)
  running.push(reactions)
  return reactions
}

/** Creates connections; gives the ids of the events, in order. */
async function createConnections(): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < CONNECTIONS; n++) {
    const { events } = await command(world.store, { organizationId, connectionId: randomUUID() }, create())
    ids.push(...events.map(({ eventId }) => eventId))
  }
  return ids
}

/** The ids of the organization's jobs, in no order. */
async function jobIds(): Promise<string[]> {
  const jobs = await boss.findJobs<Job['data']>(QUEUE, { data: { organizationId } })
  return jobs.map(({ id }) => id).sort()
}

async function checkpoint(): Promise<number | undefined> {
  const row = await world.store.db
    .selectFrom('checkpoint')
    .select('position')
    .where('organization_id', '=', organizationId)
    .where('projection', '=', 'reactions')
    .executeTakeFirst()
  return row?.position
}

/** Waits for a fact, as long as a busy machine may need. */
const until = (fact: () => unknown) => vi.waitFor(fact, { timeout: 15_000 })
const untilDone = () => until(async () => expect(await checkpoint()).toBe(CONNECTIONS))

describe('what must happen because of an event', () => {
  test('happens once although the server was killed right after the append', async () => {
    const events = await createConnections()
    start()
    await untilDone()
    expect(await jobIds()).toEqual(events.sort())
  })

  test('happens once although the queue refused it at first', async () => {
    const events = await createConnections()
    let refusals = 0
    start(async (job, at) => {
      if (job.data.organizationId === organizationId && refusals++ < 2) throw new Error('no connection')
      await put(job, at)
    })
    await untilDone()
    expect(refusals).toBeGreaterThan(2)
    expect(await jobIds()).toEqual(events.sort())
  })

  test('happens once although the server was killed after some jobs were stored, and its place was not', async () => {
    const events = await createConnections()
    let stored = 0
    const killed = start(async (job, at) => {
      if (stored === 3) throw new Error('killed')
      await put(job, at)
      stored++
    })
    await until(() => expect(stored).toBe(3))
    await killed.stop()
    expect(await jobIds()).toEqual(events.slice(0, 3).sort())
    expect(await checkpoint()).toBeUndefined()
    start()
    await untilDone()
    expect(await jobIds()).toEqual(events.sort())
  })

  test('happens once although its place could not be stored at first, and the job was done meanwhile', async () => {
    const events = await createConnections()
    const admit = await refuseCheckpoints()
    start()
    await until(async () => expect(await jobIds()).toHaveLength(CONNECTIONS))
    const done = await boss.fetch<Job['data']>(QUEUE, { batchSize: 100 })
    await boss.complete(
      QUEUE,
      done.map(({ id }) => id),
    )
    expect(await checkpoint()).toBeUndefined()
    await admit()
    await untilDone()
    expect(await jobIds()).toEqual(events.sort())
    expect(await boss.fetch(QUEUE, { batchSize: 100 })).toEqual([])
  })

  test('happens once although two servers follow the log', async () => {
    const other = await openEventStore({ pool: world.pool, registry })
    start(put)
    start(put, other)
    const events = await createConnections()
    await untilDone()
    for (const reactions of running.splice(0)) await reactions.stop()
    await other.close()
    expect(await jobIds()).toEqual(events.sort())
  })

  test('happens in an organization although it cannot in others', async () => {
    for (let n = 0; n < 9; n++) {
      await command(world.store, { organizationId: randomUUID(), connectionId: randomUUID() }, create())
    }
    const events = await createConnections()
    const others = new Set<string>()
    start(async (job, at) => {
      if (job.data.organizationId === organizationId) return put(job, at)
      others.add(job.data.organizationId)
      throw new Error('refused')
    })
    await untilDone()
    expect(await jobIds()).toEqual(events.sort())
    await until(() => expect(others.size).toBe(9))
  })

  test('happens for the others although one event cannot be read', async () => {
    const [first] = await createConnections()
    await world.store.db.transaction().execute(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx)
      await sql`update event set type = 'Unheard' where event_id = ${first}`.execute(tx)
    })
    start()
    await untilDone()
    expect(await jobIds()).toHaveLength(CONNECTIONS - 1)
  })
})

/** Lets no write of the reactions' place in this organization succeed, until what it gives is called. */
async function refuseCheckpoints(): Promise<() => Promise<void>> {
  const { db } = world.store
  await sql`create table no_space as select true as really`.execute(db)
  await sql`
    create function refuse_checkpoint() returns trigger language plpgsql as $$
    begin
      if exists (select from no_space) then raise exception 'no space left'; end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger refuses before insert on checkpoint for each row
    when (new.organization_id = ${sql.lit(organizationId)} and new.projection = 'reactions')
    execute function refuse_checkpoint()`.execute(db)
  return async () => void (await sql`delete from no_space`.execute(db))
}

describe('the end of the credential of a deleted connection', () => {
  test.each([
    ['when it can no longer be restored', false, 7 * 86_400_000],
    ['later when it was deleted at once, since that ends it by itself', true, 90_000],
  ])('comes %s', async (_, now, afterMs) => {
    const connectionId = randomUUID()
    const puts: { name: string; at: Date | null }[] = []
    start(async ({ name }, at) => void puts.push({ name, at }))
    await command(world.store, { organizationId, connectionId }, create())
    const at = new Date()
    await command(world.store, { organizationId, connectionId }, { type: 'DeleteConnection', at, now, unseen: [] })
    await vi.waitFor(() =>
      expect(puts).toContainEqual({ name: 'destroy-credential', at: new Date(at.getTime() + afterMs) }),
    )
  })
})
