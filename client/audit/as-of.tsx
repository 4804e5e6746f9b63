import { useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { api, ask } from '../api.ts'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'

/** The connections as they were at an instant. */
export function AsOf(props: { at: string }) {
  const then = useQuery(() => ask('audit.asOf', api.audit.asOf, { at: props.at }))
  return (
    <section class="card mb-4 p-4">
      <h2 class="text-lg font-semibold">
        Connections as of <Time at={props.at} as="clockOrDay" />
      </h2>
      <Trouble error={then.error} onRetry={() => void then.refetch()} />
      <Show when={then.data} fallback={<div class="skeleton h-6 w-64" />}>
        {(data) => (
          <ul class="divide-y divide-line">
            <For each={data().connections} fallback={<li>There was no connection.</li>}>
              {(connection) => (
                <li class="flex flex-wrap gap-x-4 py-1.5">
                  <span class="font-medium">{connection.name}</span>
                  <span>
                    {connection.status}
                    {connection.enabled ? '' : ', disabled'}
                  </span>
                  <span class="text-quiet">
                    {connection.account?.login} on {connection.baseUrl}
                  </span>
                </li>
              )}
            </For>
          </ul>
        )}
      </Show>
    </section>
  )
}
