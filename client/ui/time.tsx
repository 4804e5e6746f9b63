import { createSignal } from 'solid-js'
import { clockOrDay, clockTime, day, dayAndClock, exactly, fromNow, untilThen } from './time-words.ts'

const [now, setNow] = createSignal(Date.now())
setInterval(() => setNow(Date.now()), 5_000)

/** The present in milliseconds, a few seconds old at most. */
export { now }

const words = {
  fromNow,
  untilThen,
  clockOrDay,
  dayAndClock,
  clock: clockTime,
  day,
} satisfies Record<string, (at: string, present: number) => string>

/** An instant in the reader's own time, the exact one on hover. */
export function Time(props: { at: string; as?: keyof typeof words }) {
  return (
    <time dateTime={props.at} title={exactly(props.at)}>
      {words[props.as ?? 'fromNow'](props.at, now())}
    </time>
  )
}
