import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'

const GLOW_MS = 1_000

/**
 * True for a second after `what` changed by itself, that is, while the person at this page was not changing it; at once
 * for what is `new`.
 */
export function createGlow(options: {
  what: Accessor<string>
  changing: Accessor<boolean>
  new: boolean
}): Accessor<boolean> {
  const [glows, setGlows] = createSignal(false)
  let end: ReturnType<typeof setTimeout> | undefined
  const glow = () => {
    clearTimeout(end)
    setGlows(true)
    end = setTimeout(() => setGlows(false), GLOW_MS)
  }
  // Asked again, the server often says the same: only a memo tells that from a change.
  const what = createMemo(() => options.what())
  createEffect(on(what, () => options.changing() || glow(), { defer: true }))
  if (options.new) glow()
  onCleanup(() => clearTimeout(end))
  return glows
}
