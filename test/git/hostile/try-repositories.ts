import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawRepository } from '../raw-repository.ts'
import type { Fixture } from './fixture.ts'
import { type Ground, layGround } from './ground.ts'

/**
 * Deploys each, and looks for harm. What git's own check of objects would stop is let in, so that our own wall is the
 * one that is tried. Variants are left to the long tests.
 */
export function tryRepositories(fixtures: readonly Fixture[]): void {
  const chosen = fixtures.filter(({ variant = false }) => !variant)
  let ground: Ground
  let survived = 0

  beforeAll(async () => {
    ground = await layGround()
  })
  afterAll(async () => {
    await ground[Symbol.asyncDispose]()
    process.stdout.write(`hostile repositories: ${survived} of ${chosen.length} deployed or refused without harm\n`)
  })

  describe('a repository with', () => {
    test.each(chosen)('$name does no harm', async ({ make, told }) => {
      const repository = await RawRepository.create()
      try {
        await make(repository, ground)
        const deployed = await ground.deploy(repository, { checkObjects: false, mostEntries: 20_000 })
        expect(await ground.harm(deployed)).toEqual([])
        expect(deployed.told).toMatch(told)
        survived += 1
      } finally {
        await repository[Symbol.asyncDispose]()
      }
    })
  })
}
