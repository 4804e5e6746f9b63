import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openProjectWorld, type ProjectWorld } from '../../test/faults/project-world.ts'
import { disableConnection } from './disable-connection.ts'
import { createEnvironment } from './environment.ts'
import { claimDatabase } from './odoo-database.ts'

const shown = z.object({
  dependents: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      name: z.string(),
      lastDeployment: z.object({ is: z.string() }).optional(),
    }),
  ),
  seen: z.string(),
})

let world: ProjectWorld
let connectionId: string
let projectId: string
beforeAll(async () => {
  world = await openProjectWorld()
})
afterAll(() => world.close())

beforeEach(async () => {
  connectionId = await world.connect('Acme')
  const [repository] = await world.reach(connectionId, 'main')
  projectId = await world.create('projects.create', { name: 'Shop', repository })
})

const wanted = () => ({ projectId, kind: 'staging' as const, odooVersion: '17.0', modules: 'all' as const })
const create = (name: string, more: object = {}) => world.create('environments.create', { ...wanted(), name, ...more })
const look = async () => shown.parse(await world.see('connections.dependents', { connectionId }))
const namesNow = async () => (await look()).dependents.map(({ kind, name }) => `${kind} ${name}`)

describe('an environment', () => {
  test('depends on the connections of its project, until it is stopped or deleted', async () => {
    const environmentId = await create('Staging')
    expect(await namesNow()).toEqual(['project Shop', 'environment Shop / Staging'])
    await world.change('environments.stop', { environmentId })
    expect(await namesNow()).toEqual(['project Shop'])
    await world.change('environments.resume', { environmentId })
    expect(await namesNow()).toHaveLength(2)
    await world.change('environments.delete', { environmentId })
    expect(await namesNow()).toEqual(['project Shop'])
  })

  test('that came since they were shown has a connection stay, and is named', async () => {
    const { seen } = await look()
    await create('Live')
    expect(await world.refusal('connections.disable', { connectionId, seen })).toMatchObject({
      ...{ code: 'HasDependents', message: expect.stringContaining('"Shop / Live"') },
    })
  })

  test('is named with its last deployment, which does not make what was seen another', async () => {
    const environmentId = await create('Live')
    const { seen } = await look()
    const deploymentId = await world.create('deployments.start', { environmentId })
    await world.change('deployments.cancel', { deploymentId }).catch(() => {})
    await expect
      .poll(async () => (await look()).dependents.at(-1)?.lastDeployment?.is, { timeout: 15_000 })
      .toMatch(/cancelled|failed/)
    expect((await look()).seen).toBe(seen)
  })

  test('never comes unseen beside the disabling of a connection', async () => {
    const { shell } = world
    for (let round = 0; round < 20; round++) {
      const { seen } = await look()
      const environment = { ...wanted(), name: `Round ${round}`, branch: null, database: `round_${randomUUID()}` }
      const creating = () => createEnvironment(shell, environment, world.by())
      const disabling = () => disableConnection(shell, { connectionId, reason: null, seen }, world.by())
      const both = round % 2 === 0 ? [creating(), disabling()] : [disabling(), creating()]
      await Promise.allSettled(both)
      const last = await shell.db
        .selectFrom('event')
        .select('type')
        .where('type', 'in', ['EnvironmentCreated', 'ConnectionDisabled'])
        .orderBy('position', 'desc')
        .executeTakeFirst()
      // Whoever was disabled with the old mark was disabled before the environment came.
      const { enabled } = z.object({ enabled: z.boolean() }).parse(await world.see('connections.get', { connectionId }))
      if (!enabled) expect(last?.type).toBe('EnvironmentCreated')
      await world.change('connections.enable', { connectionId })
    }
  })

  test('keeps its project from being deleted', async () => {
    const environmentId = await create('Live')
    expect(await world.refusal('projects.delete', { projectId })).toMatchObject({ code: 'ProjectInUse' })
    await world.change('environments.delete', { environmentId })
    await world.change('projects.delete', { projectId })
  })
})

describe("Odoo's database", () => {
  const claim = (database: string, organizationId = world.organizationId) =>
    claimDatabase(world.shell, { organizationId, environmentId: randomUUID(), database })

  test('is named after the environment unless another name is given', async () => {
    const environmentId = await create('Vorführung Süd')
    expect(await world.see('environments.get', { environmentId })).toMatchObject({
      database: expect.stringMatching(/^vorfu_hrung_su_d_[0-9a-f]{8}$/),
    })
  })

  test('is of one environment at a time', async () => {
    const first = await create('One', { database: 'one_only' })
    const taken = { ...wanted(), name: 'Two', database: 'one_only' }
    expect(await world.refusal('environments.create', taken)).toMatchObject({
      code: 'DatabaseTaken',
      field: 'database',
    })
    await world.change('environments.delete', { environmentId: first })
    await world.create('environments.create', taken)
  })

  test('stays with its organization, also after its environment is deleted', async () => {
    const environmentId = await create('Left', { database: 'left_behind' })
    await world.change('environments.delete', { environmentId })
    await expect(claim('left_behind', randomUUID())).rejects.toMatchObject({ code: 'DatabaseTaken' })
  })

  test.each(['postgres', 'template1'])('is never %s', async (database) => {
    await expect(claim(database)).rejects.toMatchObject({ code: 'DatabaseTaken' })
  })
})
