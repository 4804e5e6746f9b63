import { describe, expect, it } from 'vitest'
import { compareEnds, nearnessOf, shareOver } from './nearness.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString()

describe('the end of a token', () => {
  it.each([
    [-1, 'past'],
    [0, 'past'],
    [2.9, 'close'],
    [3.1, 'soon'],
    [14, 'soon'],
    [14.1, 'far'],
  ] as const)('in %s days is %s', (days, nearness) => {
    expect(nearnessOf(inDays(days), now)).toBe(nearness)
  })

  it('is as far on its way as its time is over', () => {
    expect(shareOver({ from: inDays(-30), to: inDays(90) }, now)).toBe(0.25)
    expect(shareOver({ from: inDays(1), to: inDays(2) }, now)).toBe(0)
    expect(shareOver({ from: inDays(-2), to: inDays(-1) }, now)).toBe(1)
    expect(shareOver({ from: inDays(0), to: inDays(0) }, now)).toBe(1)
  })
})

describe('a list of ends', () => {
  it('begins with what is near, and leaves the rest as it was', () => {
    const ends = [null, inDays(200), inDays(9), inDays(2), inDays(60)]
    const sorted = ends.toSorted((one, other) => compareEnds(one, other, now))
    expect(sorted).toEqual([inDays(2), inDays(9), null, inDays(200), inDays(60)])
  })
})
