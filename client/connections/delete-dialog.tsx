import { useMutation } from '@tanstack/solid-query'
import { createSignal } from 'solid-js'
import { api, type ConnectionView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { ConfirmButtons } from '../ui/confirm-buttons.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { Dependents, useDependents } from './dependents.tsx'
import { providerWords } from './words.ts'

/** Asks before a connection is deleted, and names what depends on it. */
export default function DeleteDialog(props: {
  connection: ConnectionView
  onClose: () => void
  onDeleted?: () => void
}) {
  const impact = useDependents(() => props.connection.id)
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
    // Refused because others depend on it than were shown: they are shown then.
    onError: () => impact.refetch(),
  }))
  return (
    <Modal title={`Delete ${props.connection.name}?`} onClose={props.onClose}>
      <div class="flex flex-col gap-3">
        <Dependents of={impact} lead="These projects depend on it and will not deploy:" />
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
        <Trouble error={remove.error} />
        <ConfirmButtons
          does={now() ? 'Delete now' : 'Delete'}
          working={remove.isPending}
          disabled={!impact.data}
          onCancel={props.onClose}
          onConfirm={() => impact.data && remove.mutate(impact.data.seen)}
        />
      </div>
    </Modal>
  )
}
