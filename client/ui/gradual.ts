import { type Accessor, createComputed, createEffect, createSignal, on, onCleanup } from 'solid-js'

const AT_ONCE = 12
const PAUSE_MS = 16

/** The first of a list at once and the others bit by bit, again from `restart` on: a long list never holds the page up. */
export function createGradual<Item>(
  list: Accessor<readonly Item[]>,
  restart: Accessor<unknown>,
): Accessor<readonly Item[]> {
  const [count, setCount] = createSignal(AT_ONCE)
  createComputed(on(restart, () => setCount(AT_ONCE), { defer: true }))
  createEffect(() => {
    if (count() >= list().length) return
    const next = setTimeout(() => setCount(count() + AT_ONCE), PAUSE_MS)
    onCleanup(() => clearTimeout(next))
  })
  return () => list().slice(0, count())
}
