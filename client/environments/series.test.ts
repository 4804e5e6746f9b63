import { describe, expect, it } from 'vitest'
import { proposedSeries, seriesOf } from './series.ts'

describe('the Odoo version of a branch', () => {
  it.each([
    ['17.0', '17.0'],
    ['18.0-staging', '18.0'],
    ['feature/16.0/discounts', '16.0'],
    ['release_19.0', '19.0'],
    ['20.0', '20.0'],
    ['12.0', '12.0'],
  ])('is what its name says: %s', (branch, version) => {
    expect(seriesOf(branch)).toBe(version)
  })

  it.each(['main', 'v117.0', '17.0.1', '7.0', 'fix-2026', '17'])('is not made up: %s', (branch) => {
    expect(seriesOf(branch)).toBeNull()
    expect(proposedSeries(branch)).toBe('19.0')
  })
})
