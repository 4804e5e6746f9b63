import { randomUUID } from 'node:crypto'
import type { EnvironmentCommand } from '@git-connections/events'
import { append } from '@git-connections/events/store/append'
import { allProjections, asyncProjections, inlineProjections, startProjections } from '@git-connections/projections'
import { asOf, rebuild, verify } from '@git-connections/projections/replay'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, commandEnvironment, commandProject, create, openWorld, validate } from './history.ts'

let world: Awaited<ReturnType<typeof openWorld>>
const organizationId = randomUUID()
const connectionIds = [randomUUID(), randomUUID(), randomUUID()]
const projectId = randomUUID()
const chosen = (name: string) => ({
  ...{ connectionId: connectionIds[0] ?? '', baseUrl: 'https://github.com', branch: '17.0' },
  ...{ repositoryId: `${name.length}`, fullName: `acme/${name}` },
})
const erp = { name: 'ERP', repository: chosen('main'), addons: [chosen('stock'), chosen('accounts')] }

beforeAll(async () => {
  world = await openWorld()
  for (const [n, connectionId] of connectionIds.entries()) {
    const at = { organizationId, connectionId, clock: () => new Date(Date.UTC(2026, 10, 24, 10 + n)) }
    await command(world.store, at, create(`connection ${n}`))
    await command(world.store, at, validate())
    await command(world.store, at, { type: 'DisableConnection', reason: 'rotation', unseen: [] })
  }
  const last = {
    organizationId,
    connectionId: connectionIds[0] ?? '',
    clock: () => new Date(Date.UTC(2026, 10, 24, 13)),
  }
  await command(world.store, last, validate('revoked'))
  const ofProject = { ...last, projectId }
  await commandProject(world.store, ofProject, { type: 'CreateProject', ...erp })
  const later = { ...ofProject, clock: () => new Date(Date.UTC(2026, 10, 24, 14)) }
  const { connectionId, repositoryId } = erp.repository
  await commandProject(world.store, later, {
    ...{ type: 'LoseRepositoryAccess', connectionId, repositoryId, reason: 'notFound' },
  })
  await commandProject(world.store, later, { type: 'UpdateProject', ...erp, addons: [...erp.addons].reverse() })
  await deployTwice({ ...later, environmentId: randomUUID() })
  const runner = startProjections(world.store, { log: { error: () => {} } })
  for (const { name } of asyncProjections) await runner.caughtUp(name, organizationId)
  await runner.stop()
})
afterAll(() => world.close())

/** An environment with a deployment that failed and one that runs. */
async function deployTwice(at: { organizationId: string; environmentId: string; clock: () => Date }): Promise<void> {
  const settings = { name: 'Staging', branch: null, odooVersion: '17.0', modules: 'all' } as const
  const tell = (what: EnvironmentCommand) => commandEnvironment(world.store, at, what)
  await tell({ type: 'CreateEnvironment', projectId, kind: 'staging', database: 'erp_staging', ...settings })
  const [first, second] = [randomUUID(), randomUUID()]
  const { connectionId, repositoryId, fullName, branch } = erp.repository
  const taken = { connectionId, repositoryId, fullName, branch, commit: 'a'.repeat(40), credentialVersion: 1 }
  const of = { kind: 'deploy', of: null, commits: [] } as const
  await tell({ type: 'RequestDeployment', deploymentId: first, ...of })
  await tell({ type: 'StartDeployment', deploymentId: first })
  await tell({
    ...{ type: 'RecordClone', deploymentId: first },
    repository: { ...taken, subject: 'Begin', author: 'Ada', committedAt: '2026-11-24T10:00:00.000Z' },
  })
  const failure = { reason: 'cycle', message: 'a needs b, which needs a.', remedy: 'Mend it.' }
  await tell({ type: 'FailDeployment', deploymentId: first, step: 'plan', ...failure })
  await tell({ type: 'RequestDeployment', deploymentId: second, ...of })
  await tell({ type: 'StartDeployment', deploymentId: second })
}

const inlineOf = (name: string) => inlineProjections.some((projection) => projection.name === name)

describe('verifying the views', () => {
  for (const projection of allProjections) {
    test(`finds ${projection.name} to be what the log says`, async () => {
      const { rows, differences } = await verify(world.store, projection, { inline: inlineOf(projection.name) })
      expect(rows).toBeGreaterThan(0)
      expect(differences).toEqual([])
    })

    test(`names the row of ${projection.name} after any one field was altered`, async () => {
      const table = sql.table(projection.name)
      const columns = await sql<{ name: string; type: string }>`
        select column_name as name, data_type as type from information_schema.columns
        where table_schema = 'public' and table_name = ${projection.name}`.execute(world.store.db)
      const keys = new Set(['organization_id', projection.key])
      const altered = columns.rows.filter(({ name }) => !keys.has(name))
      expect(altered.length).toBeGreaterThan(5)
      for (const { name, type } of altered) {
        const column = sql.ref(name)
        const target = await sql<{ key: string; before: unknown }>`
          select ${sql.ref(projection.key)}::text as key, to_jsonb(${column}) as before from ${table} limit 1`.execute(
          world.store.db,
        )
        const [row] = target.rows
        const where = sql`${sql.ref(projection.key)}::text = ${row?.key}`
        await sql`update ${table} set ${column} = ${type === 'boolean' ? sql`not ${column}` : sql.raw(OTHER[type] ?? '')} where ${where}`.execute(
          world.store.db,
        )
        const { differences } = await verify(world.store, projection, { inline: inlineOf(projection.name) })
        expect(differences).toMatchObject([{ key: row?.key, problem: 'different' }])
        expect(differences[0]?.fields).toContain(name)
        await sql`
          update ${table} t set ${column} = (jsonb_populate_record(null::${table},
            ${JSON.stringify({ [name]: row?.before })}::jsonb)).${column} where ${where}`.execute(world.store.db)
      }
    })
  }

  test('names a row that is missing, and one that should not be there', async () => {
    const [projection] = inlineProjections
    if (!projection) throw new Error('no inline projection')
    await sql`create table kept as select * from connection_status`.execute(world.store.db)
    await sql`update connection_status set connection_id = ${randomUUID()} where connection_id = ${connectionIds[1]}`.execute(
      world.store.db,
    )
    const { differences } = await verify(world.store, projection, { inline: true })
    expect(differences.map(({ problem }) => problem).sort()).toEqual(['missing', 'superfluous'])
    await sql`delete from connection_status`.execute(world.store.db)
    await sql`insert into connection_status select * from kept`.execute(world.store.db)
  })
})

/** A value of that type that no row of this test has. */
const OTHER: Record<string, string> = {
  text: `'active altered'`,
  integer: '4711',
  bigint: '4711',
  jsonb: `'{"altered": 1}'`,
  uuid: 'gen_random_uuid()',
  ARRAY: 'array[gen_random_uuid()]',
  'timestamp with time zone': `'1999-01-01'`,
}

describe('rebuilding a view', () => {
  for (const projection of allProjections) {
    test(`gives ${projection.name} again, row for row`, async () => {
      const read = () =>
        sql<{ doc: unknown }>`select to_jsonb(t) as doc from ${sql.table(projection.name)} t order by 1`.execute(
          world.store.db,
        )
      const before = await read()
      const told: number[] = []
      await rebuild(world.store, projection, {
        inline: inlineOf(projection.name),
        onProgress: (done) => told.push(done),
      })
      expect((await read()).rows).toEqual(before.rows)
      expect(told.at(-1)).toBe(23)
    })
  }

  test('repairs what was altered', async () => {
    const [projection] = inlineProjections
    if (!projection) throw new Error('no inline projection')
    await sql`update connection_status set name = 'forged'`.execute(world.store.db)
    await rebuild(world.store, projection, { inline: true })
    expect((await verify(world.store, projection, { inline: true })).differences).toEqual([])
  })
})

describe('the organization as of an instant', () => {
  const then = (hour: number) => asOf(world.store, organizationId, new Date(Date.UTC(2026, 10, 24, hour, 30)))
  test('was empty before anything happened', async () =>
    expect(await then(9)).toMatchObject({ position: 0, connections: [], projects: [] }))
  test('had what there was then', async () => {
    const { connections } = await then(10)
    expect(connections).toMatchObject([{ name: 'connection 0', status: 'active', enabled: false }])
  })
  test('had the projects that there were then, as they were', async () => {
    expect((await then(12)).projects).toEqual([])
    expect((await then(13)).projects).toMatchObject([{ name: 'ERP', version: 4, addons: erp.addons }])
    expect((await then(14)).projects).toMatchObject([
      { repository: { accessLost: { reason: 'notFound' } }, addons: [erp.addons[1], erp.addons[0]] },
    ])
  })
  test('had the environments that there were then, with what ran there', async () => {
    expect((await then(13)).environments).toEqual([])
    expect((await then(14)).environments).toMatchObject([
      { name: 'Staging', open: { number: 2, is: 'running' }, last: { is: 'failed' }, last_good: null },
    ])
  })
  test('has everything now', async () => {
    const { connections } = await asOf(world.store, organizationId, new Date('2100-01-01'))
    expect(connections.map(({ status }) => status).sort()).toEqual(['active', 'active', 'revoked'])
  })
})

describe('writers while a view is rebuilt', () => {
  test('lose nothing, and neither does the view', async () => {
    const [projection] = inlineProjections
    if (!projection) throw new Error('no inline projection')
    const busy = randomUUID()
    let stop = false
    let acknowledged = 0
    const writer = async () => {
      while (!stop) {
        const at = { organizationId: busy, connectionId: randomUUID() }
        await command(world.store, at, create())
        await command(world.store, at, { type: 'DisableConnection', reason: null, unseen: [] })
        acknowledged += 2
      }
    }
    const writers = Promise.all(Array.from({ length: 4 }, writer))
    for (let round = 0; round < 5; round++) await rebuild(world.store, projection, { inline: true })
    stop = true
    await writers
    const head = await world.store.db
      .selectFrom('log_head')
      .select('position')
      .where('organization_id', '=', busy)
      .executeTakeFirst()
    expect(head?.position).toBe(acknowledged)
    expect((await verify(world.store, projection, { inline: true })).differences).toEqual([])
  })

  test('that folded with an older version write nothing once the new one is live', async () => {
    const [projection] = inlineProjections
    if (!projection) throw new Error('no inline projection')
    const newer = { ...projection, version: projection.version + 1 }
    await rebuild(world.store, newer, { inline: true })
    const at = { organizationId: randomUUID(), connectionId: randomUUID() }
    await expect(command(world.store, at, create())).rejects.toMatchObject({ code: 'ProjectionChanged' })
    const events = await world.store.db
      .selectFrom('event')
      .select('position')
      .where('organization_id', '=', at.organizationId)
      .execute()
    expect(events).toEqual([])
    await rebuild(world.store, projection, { inline: true })
    expect((await command(world.store, at, create())).position).toBe(1)
  })
})

describe('an event that nobody can read', () => {
  test('stops the view of its stream, loudly, and no other', async () => {
    const strange = randomUUID()
    const good = randomUUID()
    const own = randomUUID()
    const base = {
      organizationId: own,
      streamType: 'connection',
      version: 1,
      schemaVersion: 1,
      correlationId: own,
      causationId: null,
    }
    const event = {
      ...base,
      ...{ type: 'Unheard', data: {}, streamId: strange, eventId: randomUUID(), commandId: randomUUID() },
      ...{ actor: { kind: 'person' as const, id: 'ada', name: 'Ada' }, recordedAt: new Date() },
    }
    await append(world.store, {
      ...{
        organizationId: own,
        commandId: event.commandId,
        requestHash: Buffer.from('x'),
        recordedAt: event.recordedAt,
      },
      streams: [
        {
          streamType: 'connection',
          streamId: strange,
          expectedVersion: 0,
          events: [event],
          state: { is: 'absent' },
          stateVersion: 1,
        },
      ],
      ...{ rows: [], projections: [] },
    })
    await command(world.store, { organizationId: own, connectionId: good }, create())
    const errors: object[] = []
    const runner = startProjections(world.store, { log: { error: (fields) => errors.push(fields) } })
    await runner.caughtUp('creator_audit', own)
    await runner.stop()
    const known = await sql<{
      connection_id: string
    }>`select connection_id from creator_audit where organization_id = ${own}`.execute(world.store.db)
    expect(known.rows).toEqual([{ connection_id: good }])
    expect(errors).toContainEqual(expect.objectContaining({ streamId: strange, projection: 'creator_audit' }))
    const parked = await world.store.db
      .selectFrom('parked_stream')
      .selectAll()
      .where('organization_id', '=', own)
      .execute()
    expect(parked.map(({ stream_id }) => stream_id)).toContain(strange)
  })
})
