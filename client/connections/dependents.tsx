import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { api, ask, type Dependent } from '../api.ts'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'

const endWord = { succeeded: 'deployed', failed: 'last deployment failed', cancelled: 'last deployment was cancelled' }

/** What depends on a connection, as it is now. */
export function useDependents(connectionId: () => string) {
  return useAnswer(() => ask('connections.dependents', api.connections.dependents, { connectionId: connectionId() }))
}
export type Found = ReturnType<typeof useDependents>

/** The environments that are deployed through it, which nobody stopped. */
export const activeOf = (found: Found) => found.data?.dependents.filter(({ kind }) => kind === 'environment') ?? []

/** What would stop without a connection, by name: environments with how they were deployed last, then projects. */
export function Dependents(props: {
  of: Found
  /** Begins the list of environments, and the list of projects. */
  leads: { environments: string; projects: string }
}) {
  const projects = () => props.of.data?.dependents.filter(({ kind }) => kind === 'project') ?? []
  return (
    <>
      <Trouble error={props.of.error} onRetry={props.of.refetch} />
      <Show
        when={props.of.data}
        fallback={<Show when={!props.of.error}>{<p class="text-quiet">Looking what depends on it ...</p>}</Show>}
      >
        {(found) => (
          <Show when={found().dependents.length > 0} fallback={<p>No project depends on it.</p>}>
            <Named lead={props.leads.environments} dependents={activeOf(props.of)} />
            <Named lead={props.leads.projects} dependents={projects()} />
          </Show>
        )}
      </Show>
    </>
  )
}

function Named(props: { lead: string; dependents: readonly Dependent[] }) {
  return (
    <Show when={props.dependents.length > 0}>
      <div>
        <p>{props.lead}</p>
        <ul class="list-disc pl-5">
          <For each={props.dependents}>
            {(dependent) => (
              <li>
                <A
                  class="link"
                  href={
                    dependent.kind === 'environment' ? `/environments/${dependent.id}` : `/projects/${dependent.id}`
                  }
                >
                  {dependent.name}
                </A>
                <Show when={dependent.kind === 'environment'}>
                  <span class="text-quiet">
                    <Show when={dependent.lastDeployment} fallback=", never deployed">
                      {(last) => (
                        <>
                          , {endWord[last().is]} <Time at={last().at} />, by {last().by}
                        </>
                      )}
                    </Show>
                  </span>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </div>
    </Show>
  )
}
