import { A } from '@solidjs/router'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import Undo2 from 'lucide-solid/icons/undo-2'
import { createSignal, Show } from 'solid-js'
import type { DeploymentSummary } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Elapsed } from '../ui/elapsed.tsx'
import { createGlow } from '../ui/glow.ts'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { DeploymentStatus } from './deployment-status.tsx'
import { RollBackDialog } from './dialogs.ts'
import { mainCommitOf } from './main-commit.ts'
import { useAgain } from './use-again.ts'
import { counted, deploymentKindWord } from './words.ts'

/** One deployment in a list: what it was, how it is, what it took, by whom, when and how long; and doing it again. */
export function DeploymentRow(props: {
  deployment: DeploymentSummary
  /** Named where the list is of several environments. */
  named: boolean
  /** Whether it can be done again; not while another one runs, nor where the environment is stopped. */
  repeatable: boolean
  /** Whether the environment is at its commits. */
  isLastGood: boolean
}) {
  const again = useAgain()
  const [rollingBack, setRollingBack] = createSignal(false)
  const glows = createGlow({ what: () => props.deployment.status, changing: () => false, new: false })
  const main = () => mainCommitOf(props.deployment)
  const canRetry = () => props.repeatable && ['failed', 'cancelled'].includes(props.deployment.status)
  const canRollBack = () => props.repeatable && props.deployment.status === 'succeeded' && !props.isLastGood
  return (
    <article
      class="flex flex-col gap-0.5 border-b border-line px-2 py-2.5"
      classList={{ glow: glows() }}
      aria-label={`Deployment ${props.deployment.number} of ${props.deployment.environment.name}`}
    >
      <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
        <A class="font-medium hover:underline" href={`/deployments/${props.deployment.id}`}>
          <Show when={props.named}>
            {props.deployment.project.name} / {props.deployment.environment.name}:{' '}
          </Show>
          {deploymentKindWord(props.deployment.kind)} {props.deployment.number}
        </A>
        <DeploymentStatus deployment={props.deployment} />
        <Show when={props.deployment.warnings > 0}>
          <span class="text-late">{counted(props.deployment.warnings, 'warning')}</span>
        </Show>
        <span class="ml-auto flex items-center gap-1.5">
          <Show when={canRetry()}>
            <Button
              small
              working={again.isPending}
              aria-label={`Retry deployment ${props.deployment.number}, with the same commits`}
              onClick={() => again.mutate({ what: 'retry', deployment: props.deployment })}
            >
              <RotateCcw size={14} aria-hidden="true" /> Retry
            </Button>
          </Show>
          <Show when={canRollBack()}>
            <Button
              small
              aria-label={`Roll back to this: deployment ${props.deployment.number}`}
              onPointerEnter={RollBackDialog.preload}
              onClick={() => setRollingBack(true)}
            >
              <Undo2 size={14} aria-hidden="true" /> Roll back to this
            </Button>
          </Show>
        </span>
      </div>
      <Show when={main()}>
        {(taken) => (
          <p class="min-w-0 truncate" title={taken().subject}>
            <span class="font-mono text-sm text-quiet">{taken().commit.slice(0, 8)}</span> {taken().subject}
          </p>
        )}
      </Show>
      <Show when={props.deployment.failure}>{(failure) => <p class="text-bad">{failure().message}</p>}</Show>
      <p class="text-sm text-quiet">
        {props.deployment.requestedBy.name}, <Time at={props.deployment.requestedAt} as="dayAndClock" />
        <Show when={props.deployment.startedAt}>
          {(from) => (
            <>
              {' · '}
              <Elapsed from={from()} to={props.deployment.endedAt} />
            </>
          )}
        </Show>
      </p>
      <Trouble error={again.error} />
      <Show when={rollingBack()}>
        <RollBackDialog deployment={props.deployment} onClose={() => setRollingBack(false)} />
      </Show>
    </article>
  )
}
