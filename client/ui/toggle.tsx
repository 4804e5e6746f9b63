/** On or off; it shows what the server says, so it turns when the answer is there. */
export function Toggle(props: {
  label: string
  checked: boolean
  /** Its last turn is still under way; it takes no second one. */
  working?: boolean
  onChange: (on: boolean) => void
}) {
  return (
    <label class="inline-flex min-h-9 items-center pointer-coarse:min-h-10">
      <span class="sr-only">{props.label}</span>
      <input
        type="checkbox"
        role="switch"
        class="switch"
        checked={props.checked}
        aria-checked={props.checked}
        aria-disabled={props.working || undefined}
        aria-busy={props.working || undefined}
        onChange={(event) => {
          const on = event.currentTarget.checked
          event.currentTarget.checked = props.checked
          if (!props.working) props.onChange(on)
        }}
      />
    </label>
  )
}
