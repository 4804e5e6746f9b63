import { createSignal } from 'solid-js'

const [words, setWords] = createSignal('')

/** Says to screen readers what happened by itself. */
export function announce(text: string): void {
  setWords('')
  queueMicrotask(() => setWords(text))
}

/** Where announcements are heard; one for the whole page. */
export function LiveRegion() {
  return (
    <div role="status" aria-live="polite" class="sr-only">
      {words()}
    </div>
  )
}
