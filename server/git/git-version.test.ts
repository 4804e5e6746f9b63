import { describe, expect, test } from 'vitest'
import { gitProblem, isTooOld } from './git-version.ts'

describe('the git of this machine', () => {
  for (const printed of ['git version 2.36.9', 'git version 1.99.0', 'something else', '']) {
    test(`is too old or unknown when it says "${printed}"`, () => expect(isTooOld(printed)).toBe(true))
  }
  for (const printed of ['git version 2.37.0', 'git version 2.39.5 (Apple Git-154)', 'git version 3.0.0']) {
    test(`is new enough when it says "${printed}"`, () => expect(isTooOld(printed)).toBe(false))
  }
  test('is told to be missing where there is none', async () => {
    expect(await gitProblem('/nowhere')).toBe('git is not installed here.')
  })
  test('is usable where the tests run', async () => expect(await gitProblem(process.env.PATH ?? '')).toBe(null))
})
