import { createUniqueId, Show } from 'solid-js'

/** Several lines to paste, or a text file to drop or choose. */
export function TextArea(props: {
  label: string
  value: string
  onInput: (text: string) => void
  hint?: string
  error?: string | null | undefined
  required?: boolean
  placeholder?: string
}) {
  const id = createUniqueId()
  const take = async (files: FileList | null | undefined) => {
    const [file] = files ?? []
    if (file && file.size < 200_000) props.onInput(await file.text())
  }
  return (
    <div class="flex flex-col gap-1">
      <label for={id} class="font-medium">
        {props.label}
      </label>
      <textarea
        id={id}
        rows={4}
        spellcheck={false}
        autocomplete="off"
        required={props.required}
        placeholder={props.placeholder}
        class="control h-auto w-full min-w-0 py-2 font-mono text-sm"
        classList={{ 'border-bad!': Boolean(props.error) }}
        aria-invalid={props.error ? true : undefined}
        aria-describedby={`${id}-hint ${id}-error`}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          void take(event.dataTransfer?.files)
        }}
      />
      <div id={`${id}-hint`} class="text-sm text-quiet empty:hidden">
        {props.hint}
      </div>
      <div id={`${id}-error`} role="alert" class="text-sm text-bad empty:hidden">
        <Show when={props.error}>{props.error}</Show>
      </div>
    </div>
  )
}
