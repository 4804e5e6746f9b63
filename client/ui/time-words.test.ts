import { describe, expect, it } from 'vitest'
import { clockOrDay, clockTime, dayAndClock, duration, fromNow, untilThen } from './time-words.ts'

const now = new Date(2026, 2, 10, 12, 0, 0).getTime()
const at = (ms: number) => new Date(now + ms).toISOString()
const [SECOND, HOUR, DAY] = [1_000, 3_600_000, 86_400_000]

describe('a time', () => {
  it('is told by how far it is from now', () => {
    expect(fromNow(at(-40 * SECOND), now)).toBe('40 seconds ago')
    expect(fromNow(at(27.4 * DAY), now)).toBe('in 27 days')
    expect(fromNow(at(0), now)).toBe('just now')
  })

  it('that is planned is never told as past', () => {
    expect(untilThen(at(12 * SECOND), now)).toBe('in 12 seconds')
    expect(untilThen(at(-5 * SECOND), now)).toBe('at any moment')
  })

  it('of today is the hour, of another day the day, with the year where it is another', () => {
    expect(clockOrDay(at(-HOUR), now)).toBe('11:00')
    expect(clockOrDay(at(-2 * DAY), now)).not.toMatch(/2026/)
    expect(clockOrDay(at(-400 * DAY), now)).toMatch(/2025/)
  })

  it('has its hour beside the day where both are wanted', () => {
    expect(dayAndClock(at(-HOUR), now)).toBe('11:00')
    const before = at(-2 * DAY)
    expect(dayAndClock(before, now)).toBe(`${clockOrDay(before, now)}, ${clockTime(before)}`)
  })

  it('that something took is told in two units at most, and is never less than nothing', () => {
    expect([42_900, 185_000, 7_620_000, -5_000].map(duration)).toEqual(['42 s', '3 min 05 s', '2 h 07 min', '0 s'])
  })
})
