import { For } from 'solid-js'

/** One choice of a few, with its name before it. */
export function Select(props: {
  label: string
  value: string
  options: readonly (readonly [value: string, label: string])[]
  onChange: (value: string) => void
}) {
  return (
    <label class="control inline-flex items-center gap-1 pr-1 text-sm">
      <span class="whitespace-nowrap text-quiet">{props.label}:</span>
      <select
        class="min-w-0 rounded-md bg-raised py-1"
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
    </label>
  )
}
