import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'

const PAUSE_MS = 120

/** What is typed, a moment after the last key. */
export function createLate(typed: Accessor<string>): Accessor<string> {
  const [late, setLate] = createSignal(typed())
  createEffect(
    on(
      typed,
      (text) => {
        const waiting = setTimeout(() => setLate(text), PAUSE_MS)
        onCleanup(() => clearTimeout(waiting))
      },
      { defer: true },
    ),
  )
  return late
}
