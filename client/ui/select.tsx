import ChevronDown from 'lucide-solid/icons/chevron-down'
import X from 'lucide-solid/icons/x'
import { For, Show } from 'solid-js'

/** One choice of a few, with its name before it; one that narrows what is shown can be taken away by its X. */
export function Select(props: {
  label: string
  value: string
  options: readonly (readonly [value: string, label: string])[]
  onChange: (value: string) => void
  /** For a filter: marks it while it is set, and offers to clear it. */
  clearable?: boolean
}) {
  const set = () => Boolean(props.clearable && props.value)
  return (
    <div class="control chip" classList={{ 'chip-set': set() }}>
      <label class="relative inline-flex min-w-0 items-center gap-1">
        <span class="whitespace-nowrap text-quiet">{props.label}:</span>
        <select
          class="field-sizing-content h-full max-w-44 min-w-0 appearance-none truncate rounded-md bg-transparent py-1 pr-6 outline-offset-0"
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        >
          <For each={props.options}>
            {([value, label]) => (
              <option value={value} selected={value === props.value}>
                {label}
              </option>
            )}
          </For>
        </select>
        <ChevronDown size={14} class="pointer-events-none absolute right-1 text-quiet" aria-hidden="true" />
      </label>
      <Show when={set()}>
        <ClearChip label={props.label} onClear={() => props.onChange('')} />
      </Show>
    </div>
  )
}

/** The X that takes a filter away. */
export function ClearChip(props: { label: string; onClear: () => void }) {
  return (
    <button
      type="button"
      class="inline-flex size-7 shrink-0 items-center justify-center rounded-md hover:bg-sunken pointer-coarse:size-10"
      aria-label={`Clear ${props.label}`}
      title={`Clear ${props.label}`}
      onClick={() => props.onClear()}
    >
      <X size={14} aria-hidden="true" />
    </button>
  )
}
