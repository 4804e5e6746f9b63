import { createUniqueId, For, type JSX, Show } from 'solid-js'

/** One choice of a few in a form, each with a line on what it means. */
export function OneOf<Value extends string>(props: {
  label: string
  value: Value
  options: readonly { value: Value; name: string; meaning: string }[]
  onChange: (value: Value) => void
  error?: string | null
  children?: JSX.Element
}) {
  const id = createUniqueId()
  return (
    <fieldset aria-describedby={`${id}-error`} class="flex flex-col gap-2">
      <legend class="mb-1 font-medium">{props.label}</legend>
      <div class="grid gap-2 sm:grid-cols-3">
        <For each={props.options}>
          {({ value, name, meaning }) => (
            <label
              class="card flex items-start gap-2 p-3 has-focus-visible:outline-2 has-focus-visible:outline-accent"
              classList={{ 'border-accent!': props.value === value }}
            >
              <input
                type="radio"
                name={id}
                class="mt-1 accent-accent outline-none"
                checked={props.value === value}
                onChange={() => props.onChange(value)}
                aria-labelledby={`${id}-${value}`}
                aria-describedby={`${id}-${value}-meaning`}
              />
              <span class="min-w-0">
                <span id={`${id}-${value}`} class="block font-medium">
                  {name}
                </span>
                <span id={`${id}-${value}-meaning`} class="block text-sm text-quiet">
                  {meaning}
                </span>
              </span>
            </label>
          )}
        </For>
      </div>
      <div id={`${id}-error`} role="alert" class="text-sm text-bad empty:hidden">
        <Show when={props.error}>{props.error}</Show>
      </div>
    </fieldset>
  )
}
