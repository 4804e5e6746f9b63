import { createSignal, Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { lazyDialog } from '../ui/lazy-dialog.tsx'
import type { Found } from './dependents.tsx'

const MoveDialog = lazyDialog(() => import('./move-dialog.tsx'))

/** The way out before something stops: to move it to another connection. Nothing where nothing depends. */
export function MoveInstead(props: { connection: ConnectionView; of: Found }) {
  const [moving, setMoving] = createSignal(false)
  return (
    <Show when={props.of.data && props.of.data.dependents.length > 0}>
      <Button onPointerEnter={MoveDialog.preload} onClick={() => setMoving(true)}>
        Move to another connection
      </Button>
      <Show when={moving()}>
        <MoveDialog connection={props.connection} onClose={() => setMoving(false)} />
      </Show>
    </Show>
  )
}
