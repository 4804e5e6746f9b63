import { Switch } from '@kobalte/core/switch'

/** On or off; it shows what the server says, so it turns when the answer is there. */
export function Toggle(props: {
  label: string
  checked: boolean
  disabled?: boolean
  onChange: (on: boolean) => void
}) {
  return (
    <Switch
      class="inline-flex min-h-10 items-center gap-2"
      checked={props.checked}
      disabled={props.disabled ?? false}
      onChange={props.onChange}
    >
      <Switch.Label class="sr-only">{props.label}</Switch.Label>
      <Switch.Input class="peer" />
      <Switch.Control class="inline-flex h-6 w-10 items-center rounded-full border border-quiet bg-sunken p-0.5 peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent data-[checked]:border-accent data-[checked]:bg-accent data-[disabled]:opacity-55">
        <Switch.Thumb class="size-4 rounded-full bg-quiet transition-transform data-[checked]:translate-x-4 data-[checked]:bg-on-accent motion-reduce:transition-none" />
      </Switch.Control>
    </Switch>
  )
}
