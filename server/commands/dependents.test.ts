import { connection } from '@git-connections/events'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openProjectWorld, type ProjectWorld } from '../../test/faults/project-world.ts'
import { deleteConnection } from './delete-connection.ts'
import { groundInDependents } from './dependents.ts'
import { execute } from './execute.ts'
import { type Choice, createProject } from './project.ts'

const shown = z.object({
  dependents: z.array(z.object({ id: z.string(), kind: z.string(), name: z.string() })),
  seen: z.string(),
})

let world: ProjectWorld
let connectionId: string
let repository: Choice
let addon: Choice
beforeAll(async () => {
  world = await openProjectWorld()
})
afterAll(() => world.close())

beforeEach(async () => {
  connectionId = await world.connect('Acme')
  const [first, second] = await world.reach(connectionId, 'main', 'web')
  if (!first || !second) throw new Error('nothing is reached')
  repository = first
  addon = second
})

const look = async (id = connectionId) => shown.parse(await world.see('connections.dependents', { connectionId: id }))
const create = (name: string) => world.create('projects.create', { name, repository })
const countOf = async (id: string) =>
  z.object({ dependents: z.number() }).parse(await world.see('connections.get', { connectionId: id })).dependents

describe('what depends on a connection', () => {
  test('is named, each once, as project of its main repository or of an addon', async () => {
    const other = await world.connect('Other')
    const [another] = await world.reach(other, 'elsewhere')
    const shop = await world.create('projects.create', { name: 'Shop', repository: another, addons: [addon] })
    const erp = await world.create('projects.create', { name: 'ERP', repository, addons: [addon] })
    expect((await look()).dependents).toEqual([
      { id: erp, kind: 'project', name: 'ERP' },
      { id: shop, kind: 'project', name: 'Shop' },
    ])
    expect((await look(other)).dependents).toEqual([{ id: shop, kind: 'project', name: 'Shop' }])
    expect([await countOf(connectionId), await countOf(other)]).toEqual([2, 1])
    expect(await world.see('connections.list')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: connectionId, dependents: 2 }),
        expect.objectContaining({ id: other, dependents: 1 }),
      ]),
    )
  })

  test('is nothing once the project uses it no more, or is deleted', async () => {
    const other = await world.connect('Other')
    const [another] = await world.reach(other, 'elsewhere')
    const projectId = await create('ERP')
    await world.change('projects.update', { projectId, name: 'ERP', repository: another, addons: [] })
    expect([(await look()).dependents, await countOf(connectionId)]).toEqual([[], 0])
    expect((await look(other)).dependents).toHaveLength(1)
    await world.change('projects.delete', { projectId })
    expect([(await look(other)).dependents, await countOf(other)]).toEqual([[], 0])
  })
})

describe.each(['connections.disable', 'connections.delete'])('%s', (path) => {
  const stop = (seen?: string) => world.change(path, { connectionId, seen })
  const refusal = (seen?: string) => world.refusal(path, { connectionId, seen })

  test('needs nothing to have been seen where nothing depends', async () => {
    await stop()
    expect(await world.typesOf(connectionId)).toContain(
      path === 'connections.disable' ? 'ConnectionDisabled' : 'ConnectionDeleted',
    )
  })

  test('is refused by the names of what depends, until just that was seen', async () => {
    await create('ERP')
    await create('Shop')
    const refused = { code: 'HasDependents', field: 'seen' }
    expect(await refusal()).toMatchObject(refused)
    const { message } = await refusal('made up')
    expect(message).toContain('"ERP" and "Shop" depend on this connection.')
    const { seen } = await look()
    await stop(seen)
  })

  test('is refused again when something came since, with its name', async () => {
    await create('ERP')
    const { seen } = await look()
    await create('Latecomer')
    expect(await refusal(seen)).toMatchObject({ code: 'HasDependents', message: expect.stringContaining('Latecomer') })
    await stop((await look()).seen)
  })

  test('is not let through by what was seen of another connection', async () => {
    const other = await world.connect('Other')
    const [, another] = await world.reach(other, 'elsewhere', 'further')
    await world.create('projects.create', { name: 'ERP', repository, addons: [another] })
    const { seen } = await look(other)
    expect(await refusal(seen)).toMatchObject({ code: 'HasDependents' })
  })
})

describe('a project that chooses a connection while it is being deleted', () => {
  test('is seen, although it came after what depends was looked up', async () => {
    const { shell, organizationId } = world
    let looks = 0
    const ground = groundInDependents(shell.db, { organizationId, connectionId, seen: undefined }, (unseen) => ({
      ...{ type: 'DeleteConnection', at: shell.clock(), now: false, unseen },
    }))
    const deleting = execute(
      shell,
      { decider: connection, streamId: connectionId },
      async () => {
        const grounded = await ground()
        if (++looks === 1) await create('Latecomer')
        return grounded
      },
      world.by(),
    )
    await expect(deleting).rejects.toMatchObject({
      ...{ code: 'HasDependents', message: expect.stringContaining('"Latecomer"') },
    })
    expect(looks).toBe(2)
    expect(await world.see('connections.get', { connectionId })).toMatchObject({ name: 'Acme' })
  })

  test('never is there beside the deletion, whoever comes first', async () => {
    const { shell } = world
    for (let round = 0; round < 20; round++) {
      const id = await world.connect(`Round ${round}`)
      const [choice] = await world.reach(id, 'main')
      if (!choice) throw new Error('nothing is reached')
      const wanted = { name: `Round ${round}`, repository: choice, addons: [] }
      const creating = () => createProject(shell, wanted, world.by()).then(() => 'project')
      const deleting = () =>
        deleteConnection(shell, { connectionId: id, now: false, seen: undefined }, world.by()).then(() => 'deletion')
      const both = round % 2 === 0 ? [creating(), deleting()] : [deleting(), creating()]
      const settled = await Promise.allSettled(both)
      const won = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(won).toHaveLength(1)
      const [lost] = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
      expect(['HasDependents', 'ConnectionMissing']).toContain(lost.code)
    }
  })
})
