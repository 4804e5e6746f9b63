import { Tooltip } from '@kobalte/core/tooltip'
import { createSignal, type JSX } from 'solid-js'

/** Words that explain what they stand on: on hover, focus or tap. */
export function Hint(props: { text: string; children: JSX.Element }) {
  const [open, setOpen] = createSignal(false)
  return (
    <Tooltip open={open()} onOpenChange={setOpen} openDelay={150} closeDelay={100}>
      <Tooltip.Trigger class="rounded-md text-left" onClick={() => setOpen(true)}>
        {props.children}
      </Tooltip.Trigger>
      <Tooltip.Content class="z-60 max-w-72 rounded-md border border-line bg-ink px-3 py-1.5 text-sm text-surface shadow-lg">
        {props.text}
      </Tooltip.Content>
    </Tooltip>
  )
}
