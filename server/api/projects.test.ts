import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openProjectWorld, type ProjectWorld } from '../../test/faults/project-world.ts'
import type { Choice } from '../commands/project.ts'

let world: ProjectWorld
let connectionId: string
let main: Choice
let web: Choice
let stock: Choice
beforeAll(async () => {
  world = await openProjectWorld()
})
afterAll(() => world.close())

beforeEach(async () => {
  connectionId = await world.connect('Acme')
  const [first, second, third] = await world.reach(connectionId, 'main', 'web', 'stock')
  if (!first || !second || !third) throw new Error('nothing is reached')
  main = first
  web = second
  stock = third
})

const listed = z.object({ entries: z.array(z.looseObject({})) })
const shown = z.object({ seen: z.string() })
const erp = () => ({ name: 'ERP', repository: main, addons: [web, stock] })
const create = (changes: object = {}) => world.create('projects.create', { ...erp(), ...changes })
const get = (projectId: string) => world.see('projects.get', { projectId })
const connection = {
  name: 'Acme',
  provider: 'gitlab',
  baseUrl: 'https://gitlab.invalid',
  enabled: true,
  deleted: false,
}

describe('creating a project', () => {
  test('shows it with its repositories by name, the addons in their order', async () => {
    const id = await create()
    const found = await get(id)
    expect(found).toMatchObject({
      ...{ id, name: 'ERP', createdBy: { name: 'Ada' }, version: 4 },
      repository: { ...main, fullName: 'acme/main', accessLost: null, connection },
      addons: [
        { ...web, fullName: 'acme/web' },
        { ...stock, fullName: 'acme/stock' },
      ],
    })
    expect(await world.see('projects.list')).toContainEqual(found)
  })

  test('is done once, however often it is asked for under one number', async () => {
    const commandId = randomUUID()
    expect(await create({ commandId })).toBe(await create({ commandId }))
    expect(await world.refusal('projects.create', { ...erp(), commandId, name: 'Other' })).toMatchObject({
      code: 'CommandReused',
    })
  })

  test('needs no addons', async () => {
    const id = await world.create('projects.create', { name: 'Small', repository: main })
    expect(await get(id)).toMatchObject({ addons: [] })
  })

  test('is told by the audit, with its name', async () => {
    const id = await create()
    const { entries } = listed.parse(await world.see('audit.list', { projectId: id }))
    expect(entries).toHaveLength(4)
    expect(entries.at(-1)).toMatchObject({
      subject: 'ERP',
      creator: { name: 'Ada' },
      summary: 'created the project "ERP"',
    })
    expect(await world.see('audit.facets')).toMatchObject({ projects: expect.arrayContaining([{ id, name: 'ERP' }]) })
    expect(await world.see('audit.asOf', { at: '2100-01-01T00:00:00Z' })).toMatchObject({
      projects: expect.arrayContaining([expect.objectContaining({ id, name: 'ERP' })]),
    })
  })
})

describe('a project is refused', () => {
  const refusal = (changes: object) => world.refusal('projects.create', { ...erp(), ...changes })

  test('through a connection that is disabled, by its name', async () => {
    await world.change('connections.disable', { connectionId })
    expect(await refusal({})).toEqual({
      ...{ code: 'ConnectionDisabled', field: 'repository.connectionId' },
      message: 'The connection "Acme" is disabled. Enable it, or choose another one.',
    })
  })

  test('through a connection that was deleted, by its name', async () => {
    await world.change('connections.delete', { connectionId })
    expect(await refusal({})).toEqual({
      ...{ code: 'ConnectionMissing', field: 'repository.connectionId' },
      message: 'The connection "Acme" was deleted.',
    })
  })

  test('through a connection that is not there', async () => {
    const lost = { ...web, connectionId: randomUUID() }
    expect(await refusal({ addons: [stock, lost] })).toEqual({
      ...{ code: 'ConnectionMissing', field: 'addons.1.connectionId', message: 'There is no such connection.' },
    })
  })

  test('with a repository that the connection does not reach', async () => {
    expect(await refusal({ repository: { ...main, repositoryId: '4711' } })).toMatchObject({
      ...{ code: 'RepositoryMissing', field: 'repository.repositoryId' },
    })
  })

  test('with the same repository twice, by its name, through another connection too', async () => {
    const other = await world.connect('Other')
    const [, again] = await world.reach(other, 'main', 'web')
    for (const addons of [
      [web, stock, web],
      [web, stock, again],
    ]) {
      expect(await refusal({ addons })).toEqual({
        ...{ code: 'RepositoryTwice', field: 'addons.2.repositoryId' },
        message: 'acme/web is an addon repository of this project already.',
      })
    }
  })

  test.each([
    ['no name', 'name', { name: ' ' }],
    ['too long a name', 'name', { name: 'x'.repeat(81) }],
    ['no branch', 'repository.branch', { repository: { connectionId: randomUUID(), repositoryId: '1', branch: '' } }],
    [
      'an option for a branch',
      'repository.branch',
      { repository: { connectionId: randomUUID(), repositoryId: '1', branch: '--upload' } },
    ],
    [
      'words for a number',
      'repository.repositoryId',
      { repository: { connectionId: randomUUID(), repositoryId: 'acme/web', branch: '17.0' } },
    ],
  ])('with %s', async (_, field, changes) => {
    expect(await refusal(changes)).toMatchObject({ code: null, field })
  })
})

describe('updating a project', () => {
  test('tells what changed and nothing else', async () => {
    const projectId = await create()
    const next = { name: 'Acme ERP', repository: { ...main, branch: '18.0' }, addons: [stock, web] }
    expect(await world.change('projects.update', { projectId, ...next })).toMatchObject({
      ...{ name: 'Acme ERP', repository: { branch: '18.0', fullName: 'acme/main' }, addons: [stock, web] },
    })
    expect((await world.typesOf(projectId)).slice(4)).toEqual([
      ...['ProjectRenamed', 'RepositorySelected', 'AddonRepositoriesReordered'],
    ])
    await world.change('projects.update', { projectId, ...next })
    expect(await world.typesOf(projectId)).toHaveLength(7)
  })

  test('keeps what it uses through a connection that is disabled, and takes nothing new through it', async () => {
    const projectId = await create({ addons: [web] })
    const { seen } = shown.parse(await world.see('connections.dependents', { connectionId }))
    await world.change('connections.disable', { connectionId, seen })
    await world.change('projects.update', { projectId, ...erp(), addons: [{ ...web, branch: '18.0' }] })
    expect(await get(projectId)).toMatchObject({ addons: [{ branch: '18.0', connection: { enabled: false } }] })
    expect(await world.refusal('projects.update', { projectId, ...erp() })).toMatchObject({
      ...{ code: 'ConnectionDisabled', field: 'addons.1.connectionId' },
    })
  })
})

describe('deleting a project', () => {
  test('takes it off the list, and its changes are refused', async () => {
    const projectId = await create()
    await world.change('projects.delete', { projectId })
    await world.change('projects.delete', { projectId })
    expect(await world.see('projects.list')).not.toContainEqual(expect.objectContaining({ id: projectId }))
    expect(await world.refusal('projects.update', { projectId, ...erp() })).toMatchObject({ code: 'ProjectMissing' })
    expect((await world.typesOf(projectId)).at(-1)).toBe('ProjectDeleted')
  })
})
