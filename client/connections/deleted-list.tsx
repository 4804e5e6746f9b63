import { useMutation } from '@tanstack/solid-query'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import { For, Show } from 'solid-js'
import { api, ask, type DeletedConnection, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'

/** A deleted connection: the button that brings it back, or what came of its access at the provider. */
export function Deleted(props: { connection: DeletedConnection }) {
  const restore = useMutation(() => ({
    mutationFn: () => api.connections.restore.mutate({ connectionId: props.connection.id }),
    onSuccess: async () => {
      announce(`${props.connection.name} is back.`)
      await forget('connections', 'audit')
      document.getElementById('content')?.focus({ preventScroll: true })
    },
  }))
  return (
    <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <span class="min-w-0">
        <span class="font-medium">{props.connection.name}</span>{' '}
        <span class="text-sm text-quiet">
          deleted <Time at={props.connection.deletedAt} /> by {props.connection.deletedBy}
          <Show when={props.connection.restorableUntil} fallback=" for good.">
            {(until) => (
              <>
                , can be restored until <Time at={until()} as="day" />
              </>
            )}
          </Show>
        </span>
        <Show when={props.connection.revocation}>
          {(end) => <span class={end().is === 'revoked' ? '' : 'text-late'}> {end().message}</span>}
        </Show>
      </span>
      <Show when={props.connection.restorableUntil}>
        <Button
          small
          working={restore.isPending}
          onClick={() => restore.mutate()}
          aria-label={`Restore ${props.connection.name}`}
        >
          <RotateCcw size={14} aria-hidden="true" /> Restore
        </Button>
      </Show>
      <Trouble error={restore.error} />
    </div>
  )
}

/** Connections that were deleted lately. */
export function DeletedList() {
  const deleted = useAnswer(() => ask('connections.deleted', api.connections.deleted, undefined))
  return (
    <Show when={deleted.data?.length}>
      <section class="mt-8">
        <h2 class="mb-2 text-lg font-semibold">Recently deleted</h2>
        <ul class="card divide-y divide-line px-4">
          <For each={deleted.data}>
            {(connection) => (
              <li class="py-2">
                <Deleted connection={connection} />
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}
