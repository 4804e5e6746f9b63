import { createUniqueId, type JSX, Show, splitProps } from 'solid-js'

type Props = JSX.InputHTMLAttributes<HTMLInputElement> & {
  label: string
  hint?: JSX.Element
  error?: string | null | undefined
  /** Stands at the end of the input's line. */
  beside?: JSX.Element
}

/** An input with its label, a hint, and what is wrong with it. */
export function Field(props: Props) {
  const id = createUniqueId()
  const [own, rest] = splitProps(props, ['label', 'hint', 'error', 'beside', 'class'])
  return (
    <div class={`flex flex-col gap-1 ${own.class ?? ''}`}>
      <label for={id} class="font-medium">
        {own.label}
      </label>
      <div class="flex gap-2">
        <input
          {...rest}
          id={id}
          class="control w-full min-w-0"
          classList={{ 'border-bad!': Boolean(own.error) }}
          aria-invalid={own.error ? true : undefined}
          aria-describedby={`${id}-hint ${id}-error`}
        />
        {own.beside}
      </div>
      <div id={`${id}-hint`} class="text-sm text-quiet empty:hidden">
        {own.hint}
      </div>
      <div id={`${id}-error`} role="alert" class="text-sm text-bad empty:hidden">
        <Show when={own.error}>{own.error}</Show>
      </div>
    </div>
  )
}
