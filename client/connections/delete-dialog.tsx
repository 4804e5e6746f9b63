import { useMutation } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api, ask, type ConnectionView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { providerWords } from './words.ts'

/** Asks before a connection is deleted, and names what depends on it. */
export default function DeleteDialog(props: {
  connection: ConnectionView
  onClose: () => void
  onDeleted?: () => void
}) {
  const impact = useAnswer(() =>
    ask('connections.dependents', api.connections.dependents, { connectionId: props.connection.id }),
  )
  const [now, setNow] = createSignal(false)
  const provider = () => providerWords[props.connection.provider]
  const atOnce = () =>
    ({
      oauth: `Ends its access at ${provider()}, too.`,
      token: `Its token is destroyed here; at ${provider()} only its owner can end it.`,
      githubApp: 'Its key is destroyed here; the App stays installed at GitHub.',
    })[props.connection.method]
  const remove = useMutation(() => ({
    mutationFn: (seen: string) =>
      api.connections.delete.mutate({ connectionId: props.connection.id, seen, now: now() }),
    onSuccess: () => {
      announce(
        now()
          ? `${props.connection.name} was deleted for good.`
          : `${props.connection.name} was deleted. It can be restored for 7 days.`,
      )
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
        <p>
          It stops working at once.{' '}
          {now()
            ? 'It cannot be restored.'
            : `It can be restored for 7 days; then its ${props.connection.method === 'githubApp' ? 'key' : 'token'} is destroyed.`}
        </p>
        <label class="flex gap-2">
          <input
            type="checkbox"
            class="mt-1 self-start accent-accent"
            checked={now()}
            onChange={(event) => setNow(event.currentTarget.checked)}
          />
          <span>
            Delete now, without the 7 days <span class="block text-sm text-quiet">{atOnce()}</span>
          </span>
        </label>
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
            {now() ? 'Delete now' : 'Delete'}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
