const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const clockWithSeconds = new Intl.DateTimeFormat(undefined, {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  hourCycle: 'h23',
})
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** An instant to the second, with its day and zone. */
export function exactly(at: string): string {
  return exact.format(new Date(at))
}

/** How far from now, as "40 seconds ago" or "in 27 days". */
export function fromNow(at: string, present: number): string {
  const distance = Date.parse(at) - present
  for (const [unit, ms] of STEPS) {
    if (Math.abs(distance) >= ms) return relative.format(Math.trunc(distance / ms), unit)
  }
  return 'just now'
}

/** When something planned comes, as "in 27 seconds"; what should have come already comes at any moment. */
export function untilThen(at: string, present: number): string {
  return Date.parse(at) - present < 1_000 ? 'at any moment' : fromNow(at, present)
}

/** The hour and minute. */
export function clockTime(at: string | Date): string {
  return clock.format(new Date(at))
}

/** The time of day to the second. */
export function clockToSecond(at: string): string {
  return clockWithSeconds.format(new Date(at))
}

/** The calendar day. */
export function day(at: string | Date): string {
  return longDay.format(new Date(at))
}

/** The time of day today, the day before that. */
export function clockOrDay(at: string | Date, present: number): string {
  const date = new Date(at)
  if (date.toDateString() === new Date(present).toDateString()) return clock.format(date)
  const sameYear = date.getFullYear() === new Date(present).getFullYear()
  return (sameYear ? dayAndMonth : longDay).format(date)
}

/** How long something took, or takes until now, as "42 s", "3 min 05 s" or "2 h 07 min"; never less than nothing. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600)]
  const two = (count: number) => String(count).padStart(2, '0')
  if (hours > 0) return `${hours} h ${two(minutes % 60)} min`
  return minutes > 0 ? `${minutes} min ${two(seconds % 60)} s` : `${seconds} s`
}

/** The time of day today, day and time before that. */
export function dayAndClock(at: string | Date, present: number): string {
  const near = clockOrDay(at, present)
  return near === clockTime(at) ? near : `${near}, ${clockTime(at)}`
}
