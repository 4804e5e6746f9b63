import Check from 'lucide-solid/icons/check'
import Copy from 'lucide-solid/icons/copy'
import { createSignal, Show } from 'solid-js'
import { announce } from './announce.tsx'

/** A word or two to copy with one click. */
export function CopyChip(props: { text: string; label?: string }) {
  const [copied, setCopied] = createSignal(false)
  const copy = async () => {
    await navigator.clipboard.writeText(props.text)
    setCopied(true)
    announce('Copied')
    setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={`Copy ${props.label ? `${props.label}: ` : ''}${props.text}`}
      class="inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-md border border-line bg-sunken px-2 font-mono text-sm hover:border-quiet pointer-coarse:min-h-10"
    >
      <span class="min-w-0 text-left break-all">{props.text}</span>
      <Show when={copied()} fallback={<Copy size={14} class="shrink-0" aria-hidden="true" />}>
        <Check size={14} class="shrink-0 text-good" aria-hidden="true" />
      </Show>
    </button>
  )
}
