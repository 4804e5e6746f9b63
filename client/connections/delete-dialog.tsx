import { useMutation } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { api, ask, type ConnectionView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'

/** Asks before a connection is deleted, and names what depends on it. */
export default function DeleteDialog(props: {
  connection: ConnectionView
  onClose: () => void
  onDeleted?: () => void
}) {
  const impact = useAnswer(() =>
    ask('connections.dependents', api.connections.dependents, { connectionId: props.connection.id }),
  )
  const remove = useMutation(() => ({
    mutationFn: (seen: string) => api.connections.delete.mutate({ connectionId: props.connection.id, seen }),
    onSuccess: () => {
      announce(`${props.connection.name} was deleted. It can be restored for 7 days.`)
      props.onClose()
      props.onDeleted?.()
      return forget('connections', 'audit')
    },
  }))
  return (
    <Modal title={`Delete ${props.connection.name}?`} onClose={props.onClose}>
      <div class="flex flex-col gap-3">
        <Show when={impact.data} fallback={<p class="text-quiet">Looking what depends on it ...</p>}>
          {(found) => (
            <Show when={found().dependents.length > 0} fallback={<p>No active environment depends on it.</p>}>
              <p>These environments depend on it and will not deploy:</p>
              <ul class="list-disc pl-5">
                <For each={found().dependents}>{(dependent) => <li>{dependent.name}</li>}</For>
              </ul>
            </Show>
          )}
        </Show>
        <p>It stops working at once. It can be restored for 7 days; then its token is destroyed.</p>
        <Trouble error={impact.error ?? remove.error} />
        <div class="flex flex-wrap justify-end gap-2">
          <Button data-first onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            look="danger"
            disabled={!impact.data}
            working={remove.isPending}
            onClick={() => impact.data && remove.mutate(impact.data.seen)}
          >
            Delete
          </Button>
        </div>
      </div>
    </Modal>
  )
}
