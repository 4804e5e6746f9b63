import { useMutation } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api, type ConnectionView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmButtons } from '../ui/confirm-buttons.tsx'
import { Field } from '../ui/field.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { activeOf, Dependents, useDependents } from './dependents.tsx'
import { MoveInstead } from './move-instead.tsx'
import { providerWords } from './words.ts'

/** Asks before a connection is deleted, and names what depends on it. */
export default function DeleteDialog(props: {
  connection: ConnectionView
  onClose: () => void
  onDeleted?: () => void
}) {
  const impact = useDependents(() => props.connection.id)
  const [now, setNow] = createSignal(false)
  const [typed, setTyped] = createSignal('')
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
  const disable = useMutation(() => ({
    mutationFn: (seen: string) => api.connections.disable.mutate({ connectionId: props.connection.id, seen }),
    onSuccess: () => {
      announce(`${props.connection.name} was disabled.`)
      props.onClose()
      return forget('connections', 'audit')
    },
    onError: () => impact.refetch(),
  }))
  /** What is deployed through it is not ended by a slip of the hand. */
  const isSure = () => activeOf(impact).length === 0 || typed().trim() === props.connection.name
  return (
    <Modal title={`Delete ${props.connection.name}?`} onClose={props.onClose}>
      <div class="flex flex-col gap-3">
        <Dependents
          of={impact}
          leads={{
            environments: "These environments can't be deployed without it:",
            projects: 'These projects depend on it and will not deploy:',
          }}
        />
        <div class="flex flex-wrap gap-2 empty:hidden">
          <MoveInstead connection={props.connection} of={impact} />
          <Show when={props.connection.enabled && impact.data && impact.data.dependents.length > 0}>
            <Button
              working={disable.isPending}
              onClick={() => impact.data && !disable.isPending && disable.mutate(impact.data.seen)}
            >
              Disable instead
            </Button>
          </Show>
        </div>
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
        <Show when={activeOf(impact).length > 0}>
          <Field
            label={`Type ${props.connection.name} to delete it anyway`}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </Show>
        <Trouble error={remove.error ?? disable.error} />
        <ConfirmButtons
          does={now() ? 'Delete now' : 'Delete'}
          working={remove.isPending}
          disabled={!impact.data || !isSure()}
          onCancel={props.onClose}
          onConfirm={() => impact.data && remove.mutate(impact.data.seen)}
        />
      </div>
    </Modal>
  )
}
