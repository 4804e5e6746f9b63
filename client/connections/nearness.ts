const DAY_MS = 86_400_000
/** From when on the page warns of an end. */
const SOON_DAYS = 14
const CLOSE_DAYS = 3

/** How near the end of a token is. */
export type Nearness = 'past' | 'close' | 'soon' | 'far'

/** Tells how near an end is, in milliseconds since 1970. */
export function nearnessOf(expiresAt: string, present: number): Nearness {
  const days = (Date.parse(expiresAt) - present) / DAY_MS
  if (days <= 0) return 'past'
  if (days <= CLOSE_DAYS) return 'close'
  return days <= SOON_DAYS ? 'soon' : 'far'
}

/** For a list: what ends soon comes before the rest, the nearest end first. */
export function compareEnds(one: string | null, other: string | null, present: number): number {
  const rank = (end: string | null) =>
    end === null || nearnessOf(end, present) === 'far' ? Number.MAX_VALUE : Date.parse(end)
  return rank(one) - rank(other)
}

/** Which share of a token's time is over, from 0 to 1. */
export function shareOver(life: { from: string; to: string }, present: number): number {
  const from = Date.parse(life.from)
  const whole = Date.parse(life.to) - from
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (present - from) / whole))
}
