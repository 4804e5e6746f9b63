import { Button } from './button.tsx'

/** Ends a dialog that asks before something is done which is not easily undone. */
export function ConfirmButtons(props: {
  /** What is done, in a word or two. */
  does: string
  working: boolean
  disabled?: boolean
  onCancel: () => void
  onConfirm: () => void
}) {
  return (
    <div class="flex flex-wrap justify-end gap-2">
      <Button data-first onClick={props.onCancel}>
        Cancel
      </Button>
      <Button look="danger" working={props.working} disabled={props.disabled} onClick={props.onConfirm}>
        {props.does}
      </Button>
    </div>
  )
}
