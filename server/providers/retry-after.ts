const SHORTEST_MS = 1000
const LONGEST_MS = 60 * 60_000

/** Keeps a wait that a provider asked for between a second and an hour. */
export function bearableWait(ms: number): number {
  return Math.round(Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS))
}

/**
 * How long a provider asks to wait: its Retry-After (seconds or a date), else the reset of an allowance that is used
 * up; null when it names no time.
 * @param names the headers that tell what is left, and when (seconds since 1970) the allowance is whole again
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMs(
  headers: Headers,
  now: Date,
  names: { readonly remaining: string; readonly reset: string },
): number | null {
  const retryAfter = headers.get('retry-after')?.trim()
  if (retryAfter) {
    const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now.getTime()
    if (Number.isFinite(ms)) return bearableWait(ms)
  }
  const reset = Number(headers.get(names.reset) ?? Number.NaN)
  if (headers.get(names.remaining)?.trim() !== '0' || !Number.isFinite(reset)) return null
  return bearableWait(reset * 1000 - now.getTime())
}

/** What is left of an allowance; null when the headers do not tell. */
export function rateLimitOf(
  headers: Headers,
  names: { readonly limit: string; readonly remaining: string; readonly reset: string },
): { limit: number; remaining: number; resetAt: string | null } | null {
  const limit = count(headers.get(names.limit))
  const remaining = count(headers.get(names.remaining))
  if (limit === null || remaining === null) return null
  const reset = count(headers.get(names.reset))
  // Past the year 9999 an ISO string takes a form that our schema does not know.
  const known = reset !== null && reset < 253_402_300_800
  return { limit, remaining, resetAt: known ? new Date(reset * 1000).toISOString() : null }
}

function count(header: string | null): number | null {
  return header !== null && /^\d{1,15}$/.test(header.trim()) ? Number(header) : null
}
