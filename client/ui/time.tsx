import { createSignal } from 'solid-js'

const [now, setNow] = createSignal(Date.now())
setInterval(() => setNow(Date.now()), 10_000)

/** The present in milliseconds, a few seconds old at most. */
export { now }

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** How far from now, as "40 seconds ago" or "in 27 days". */
export function fromNow(at: string, present: number): string {
  const distance = Date.parse(at) - present
  for (const [unit, ms] of STEPS) {
    if (Math.abs(distance) >= ms) return relative.format(Math.trunc(distance / ms), unit)
  }
  return 'just now'
}

/** The time of day today, the day before that. */
export function clockOrDay(at: string | Date, present = Date.now()): string {
  const date = new Date(at)
  if (date.toDateString() === new Date(present).toDateString()) return clock.format(date)
  const sameYear = date.getFullYear() === new Date(present).getFullYear()
  return (sameYear ? dayAndMonth : longDay).format(date)
}

/** An instant in the reader's own time, the exact one on hover. */
export function Time(props: { at: string; as?: 'fromNow' | 'clockOrDay' | 'clock' | 'day' }) {
  const text = () => {
    switch (props.as ?? 'fromNow') {
      case 'fromNow':
        return fromNow(props.at, now())
      case 'clockOrDay':
        return clockOrDay(props.at, now())
      case 'clock':
        return clock.format(new Date(props.at))
      case 'day':
        return longDay.format(new Date(props.at))
    }
  }
  return (
    <time dateTime={props.at} title={exact.format(new Date(props.at))}>
      {text()}
    </time>
  )
}
