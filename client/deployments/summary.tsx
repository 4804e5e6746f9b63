import { A } from '@solidjs/router'
import { Match, Show, Switch } from 'solid-js'
import type { DeploymentView } from '../api.ts'
import { Elapsed } from '../ui/elapsed.tsx'
import { Time } from '../ui/time.tsx'
import { DeploymentStatus } from './deployment-status.tsx'
import { counted, deploymentKindMeaning, deploymentKindWord, stepDoing, stepWord } from './words.ts'

/** A deployment in one sentence: what it does, how it ended, and what to do next; then who asked for it, and when. */
export function Summary(props: { deployment: DeploymentView }) {
  const stopped = () => props.deployment.steps.find(({ is }) => is === 'cancelled')?.step
  return (
    <div class="card flex flex-col gap-1 p-3 sm:p-4">
      <div class="flex flex-wrap items-start gap-x-3 gap-y-1">
        <DeploymentStatus deployment={props.deployment} />
        <p class="min-w-0 flex-1 basis-60">
          <Switch>
            <Match when={props.deployment.cancelling}>It was asked to stop, and does so as soon as it can.</Match>
            <Match when={props.deployment.status === 'queued'}>It waits for its turn.</Match>
            <Match when={props.deployment.status === 'running'}>{now(props.deployment)} ...</Match>
            <Match when={props.deployment.status === 'succeeded'}>
              {props.deployment.message}
              <Show when={props.deployment.warnings > 0}>
                {' '}
                <span class="text-late">{counted(props.deployment.warnings, 'warning')}.</span>
              </Show>
            </Match>
            <Match when={props.deployment.failure}>
              {(failure) => (
                <>
                  {failure().message} <span class="block text-quiet">{failure().remedy}</span>
                </>
              )}
            </Match>
            <Match when={props.deployment.status === 'cancelled'}>
              {stopped()
                ? `It was cancelled at the step ${stepWord(stopped() ?? 'fetch')}. What was done before stays done.`
                : 'It was cancelled before it began. Nothing was changed.'}
            </Match>
          </Switch>
        </p>
      </div>
      <p class="text-sm text-quiet">
        {deploymentKindWord(props.deployment.kind)}: {deploymentKindMeaning(props.deployment.kind)}
        <Show when={props.deployment.of}>
          {(id) => (
            <>
              {' ('}
              <A class="link" href={`/deployments/${id()}`}>
                that one
              </A>
              )
            </>
          )}
        </Show>
        . Asked for by {props.deployment.requestedBy.name}, <Time at={props.deployment.requestedAt} as="dayAndClock" />
        <Show when={props.deployment.startedAt}>
          {(from) => (
            <>
              {props.deployment.endedAt ? '; took ' : '; running for '}
              <Elapsed from={from()} to={props.deployment.endedAt} />
            </>
          )}
        </Show>
        .
      </p>
    </div>
  )
}

/** What happens now. */
function now({ steps }: DeploymentView): string {
  const step = steps.find(({ is }) => is === 'running')?.step
  return step ? stepDoing(step) : 'It begins'
}
