import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { api, ask } from '../api.ts'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'

/** What depends on a connection, as it is now. */
export function useDependents(connectionId: () => string) {
  return useAnswer(() => ask('connections.dependents', api.connections.dependents, { connectionId: connectionId() }))
}

/** The projects that would stop without a connection, by name; `lead` begins the list of them. */
export function Dependents(props: { of: ReturnType<typeof useDependents>; lead: string }) {
  return (
    <>
      <Trouble error={props.of.error} onRetry={props.of.refetch} />
      <Show
        when={props.of.data}
        fallback={<Show when={!props.of.error}>{<p class="text-quiet">Looking what depends on it ...</p>}</Show>}
      >
        {(found) => (
          <Show when={found().dependents.length > 0} fallback={<p>No project depends on it.</p>}>
            <div>
              <p>{props.lead}</p>
              <ul class="list-disc pl-5">
                <For each={found().dependents}>
                  {(dependent) => (
                    <li>
                      <A class="link" href={`/projects/${dependent.id}`}>
                        {dependent.name}
                      </A>
                    </li>
                  )}
                </For>
              </ul>
            </div>
          </Show>
        )}
      </Show>
    </>
  )
}
