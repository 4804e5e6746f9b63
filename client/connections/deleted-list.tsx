import { useMutation, useQuery } from '@tanstack/solid-query'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import { For, Show } from 'solid-js'
import { api, ask, type DeletedConnection, forget } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'

function Deleted(props: { connection: DeletedConnection }) {
  const restore = useMutation(() => ({
    mutationFn: () => api.connections.restore.mutate({ connectionId: props.connection.id }),
    onSuccess: () => forget('connections', 'audit'),
  }))
  return (
    <li class="flex flex-wrap items-center gap-x-4 gap-y-2 py-2">
      <span class="min-w-0 flex-1">
        {props.connection.name}{' '}
        <span class="text-sm text-quiet">
          deleted <Time at={props.connection.deletedAt} />, can be restored until{' '}
          <Time at={props.connection.restorableUntil} as="day" />
        </span>
      </span>
      <Button
        working={restore.isPending}
        onClick={() => restore.mutate()}
        aria-label={`Restore ${props.connection.name}`}
      >
        <RotateCcw size={16} aria-hidden="true" /> Restore
      </Button>
      <Trouble error={restore.error} />
    </li>
  )
}

/** Connections that were deleted and can still come back. */
export function DeletedList() {
  const deleted = useQuery(() => ask('connections.deleted', api.connections.deleted, undefined))
  return (
    <Show when={deleted.data?.length}>
      <section class="mt-8">
        <h2 class="text-lg font-semibold">Recently deleted</h2>
        <ul class="divide-y divide-line">
          <For each={deleted.data}>{(connection) => <Deleted connection={connection} />}</For>
        </ul>
      </section>
    </Show>
  )
}
