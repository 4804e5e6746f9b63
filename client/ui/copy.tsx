import Check from 'lucide-solid/icons/check'
import Copy from 'lucide-solid/icons/copy'
import { createSignal, Show } from 'solid-js'
import { announce } from './announce.tsx'

/** A word or two to copy with one click; a long text is cut at the end of its line, and copied whole. */
export function CopyChip(props: { text: string; label?: string }) {
  const [outcome, setOutcome] = createSignal<'copied' | 'refused' | null>(null)
  const copy = async () => {
    // Over plain http a browser gives no clipboard; the text is selected then.
    const done = await navigator.clipboard?.writeText(props.text).then(
      () => true,
      () => false,
    )
    setOutcome(done ? 'copied' : 'refused')
    announce(done ? 'Copied' : 'The browser did not let it be copied. It is selected now.')
    setTimeout(() => setOutcome(null), 2_000)
  }
  let words: HTMLSpanElement | undefined
  return (
    <button
      type="button"
      onClick={() =>
        void copy().then(() => outcome() === 'refused' && words && getSelection()?.selectAllChildren(words))
      }
      aria-label={`Copy ${props.label ? `${props.label}: ` : ''}${props.text}`}
      title={props.text}
      class="inline-flex min-h-7 max-w-full min-w-0 items-center gap-1.5 rounded-md border border-line bg-sunken px-2 align-middle font-mono text-sm hover:border-quiet pointer-coarse:min-h-10"
    >
      <span ref={words} class="min-w-0 truncate text-left">
        {props.text}
      </span>
      <Show when={outcome() === 'copied'} fallback={<Copy size={14} class="shrink-0" aria-hidden="true" />}>
        <Check size={14} class="shrink-0 text-good" aria-hidden="true" />
      </Show>
    </button>
  )
}
