import type { ConnectionEvent } from './events.ts'
import type { LinkedConnection } from './state.ts'

const DAY_MS = 24 * 3_600_000

/** How many days before an end people are warned, once each. */
export const WARNING_DAYS = [30, 14, 7, 1] as const

/** The warning that is due for an end at this instant: the fewest days that have been reached; null before the first. */
export function warningAt(expiresAt: string, at: Date): (typeof WARNING_DAYS)[number] | null {
  const leftMs = Date.parse(expiresAt) - at.getTime()
  return [...WARNING_DAYS].reverse().find((days) => leftMs <= days * DAY_MS) ?? null
}

/** When the next warning of an end is due, given the days of the last one; null when there is none left. */
export function nextWarning(expiresAt: string, lastDays: number | null): string | null {
  const days = WARNING_DAYS.find((each) => lastDays === null || each < lastDays)
  return days === undefined ? null : new Date(Date.parse(expiresAt) - days * DAY_MS).toISOString()
}

/** Warns of each end that is near, once for each of the days. */
export function warn(at: Date, state: LinkedConnection): ConnectionEvent[] {
  const working = state.status === 'active' || state.status === 'error' || state.status === 'pending'
  const ends = [
    { what: 'credential' as const, expiresAt: working ? state.expiresAt : null },
    { what: 'certificateAuthority' as const, expiresAt: state.certificateAuthority?.expiresAt ?? null },
  ]
  return ends.flatMap(({ what, expiresAt }): ConnectionEvent[] => {
    if (expiresAt === null || Date.parse(expiresAt) <= at.getTime()) return []
    const daysLeft = warningAt(expiresAt, at)
    const last = state.warned[what]
    const told = last?.expiresAt === expiresAt ? last.daysLeft : Number.POSITIVE_INFINITY
    if (daysLeft === null || daysLeft >= told) return []
    return [{ type: 'ExpiryApproaching', data: { what, expiresAt, daysLeft } }]
  })
}

/** The end that the provider had told has come. */
export function expire(at: Date, state: LinkedConnection): ConnectionEvent[] {
  const { expiresAt, status, credentialVersion } = state
  const canExpire = status === 'active' || status === 'error' || status === 'pending'
  if (!expiresAt || !canExpire || new Date(expiresAt) > at) return []
  return [{ type: 'ConnectionExpired', data: { expiredAt: expiresAt, credentialVersion } }]
}
