import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import type { EnvironmentView, ProjectView } from '../api.ts'
import { createGlow } from '../ui/glow.ts'
import { Trouble } from '../ui/trouble.tsx'
import { EnvironmentActions } from './environment-actions.tsx'
import { EnvironmentFacts, LastDeployment } from './environment-facts.tsx'
import { stateOf } from './state.ts'
import { EnvironmentStateMark } from './state-mark.tsx'

/** One environment: what it is, how it is, what was deployed last, and what can be done about it. */
export function EnvironmentRow(props: {
  environment: EnvironmentView
  project: ProjectView | undefined
  /** On its own page, where the title names it. */
  whole?: boolean
  onDeleted?: () => void
}) {
  const [refused, setRefused] = createSignal<Error | null>(null)
  const state = () => stateOf(props.environment)
  const failure = () => {
    const now = state()
    return now.is === 'failed' ? now.message : null
  }
  const over = () => props.environment.running ?? props.environment.last
  const glows = createGlow({ what: () => JSON.stringify(state()), changing: () => false, new: false })
  return (
    <article
      class="card flex flex-col gap-1 p-3 sm:p-4"
      classList={{ glow: glows() }}
      aria-label={props.environment.name}
    >
      <div class="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div class="flex min-w-0 flex-1 basis-60 flex-col gap-1">
          <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Show when={!props.whole}>
              <h3 class="min-w-0 font-semibold">
                <A href={`/environments/${props.environment.id}`} class="hover:underline">
                  {props.environment.name}
                </A>
              </h3>
            </Show>
            <EnvironmentStateMark state={state()} />
          </div>
          <EnvironmentFacts environment={props.environment} project={props.project} />
          <Show when={failure()}>{(message) => <p class="text-bad">{message()}</p>}</Show>
          <Show when={over()} fallback={<p class="text-sm text-quiet">Nothing was deployed here yet.</p>}>
            {(deployment) => (
              <p class="text-sm text-quiet">
                <A class="hover:text-accent hover:underline" href={`/deployments/${deployment().id}`}>
                  <LastDeployment environment={props.environment} />
                </A>
              </p>
            )}
          </Show>
        </div>
        <EnvironmentActions
          environment={props.environment}
          whole={props.whole ?? false}
          onRefused={setRefused}
          {...(props.onDeleted ? { onDeleted: props.onDeleted } : {})}
        />
      </div>
      <Trouble error={refused()} />
    </article>
  )
}
