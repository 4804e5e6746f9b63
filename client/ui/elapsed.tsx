import { createSignal, onCleanup, Show } from 'solid-js'
import { duration } from './time-words.ts'

/** How long something took; while it has no end, how long it takes, counting by the second. */
export function Elapsed(props: { from: string; to: string | null }) {
  return (
    <span class="tabular whitespace-nowrap">
      <Show when={props.to} fallback={<Counting from={props.from} />}>
        {(to) => duration(Date.parse(to()) - Date.parse(props.from))}
      </Show>
    </span>
  )
}

function Counting(props: { from: string }) {
  const [now, setNow] = createSignal(Date.now())
  const ticking = setInterval(() => setNow(Date.now()), 1_000)
  onCleanup(() => clearInterval(ticking))
  return <>{duration(now() - Date.parse(props.from))}</>
}
