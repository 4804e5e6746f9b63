import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawRepository } from '../raw-repository.ts'
import { FIXTURES } from './fixtures.ts'
import { clearMarkers, type Ground, layGround } from './ground.ts'

let ground: Ground
let survived = 0

beforeAll(async () => {
  ground = await layGround()
})
afterAll(async () => {
  await ground[Symbol.asyncDispose]()
  process.stdout.write(`hostile repositories: ${survived} of ${FIXTURES.length * 2} deployed or refused without harm\n`)
})

describe('a repository with', () => {
  test.each(FIXTURES)('$name does no harm, with and without the check of objects', async ({ make, told }) => {
    await using repository = await RawRepository.create()
    await make(repository, ground)
    const unchecked = await ground.deploy(repository, { checkObjects: false })
    expect(await ground.harm(unchecked)).toEqual([])
    expect(unchecked.told).toMatch(told)
    survived += 1
    const checked = await ground.deploy(repository)
    expect(await ground.harm(checked)).toEqual([])
    survived += 1
  })
})

describe('git by itself, with a repository with', () => {
  const dangerous = FIXTURES.flatMap(({ name, make, danger }) => (danger ? [{ name, make, danger }] : []))

  test.each(dangerous)('$name is harmed', async ({ make, danger }) => {
    await using repository = await RawRepository.create()
    await make(repository, ground)
    const url = ground.host.serve('control/repository', { path: repository.path })
    expect(await danger(ground, url)).toBe(true)
    await clearMarkers(ground)
  })
})

test('A path of 5,000 folders is refused', async () => {
  await using repository = await RawRepository.create()
  let tree = await repository.files({ f: 'deep' })
  for (let depth = 0; depth < 5_000; depth++) tree = await repository.tree([{ mode: '40000', name: 'd', object: tree }])
  await repository.branch('main', await repository.commit(tree))
  const deployed = await ground.deploy(repository)
  expect(await ground.harm(deployed)).toEqual([])
  expect(deployed.told).toMatch(/A path is longer than|could not list/)
})
