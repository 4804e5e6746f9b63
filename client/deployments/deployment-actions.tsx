import { useMutation } from '@tanstack/solid-query'
import RefreshCw from 'lucide-solid/icons/refresh-cw'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import Square from 'lucide-solid/icons/square'
import Undo2 from 'lucide-solid/icons/undo-2'
import { createEffect, createSignal, Show } from 'solid-js'
import { api, type DeploymentView, type EnvironmentView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { RollBackDialog } from './dialogs.ts'
import { useAgain } from './use-again.ts'

/** What can be done about a deployment: cancelled while it runs; then done again, or gone back to. */
export function DeploymentActions(props: {
  deployment: DeploymentView
  /** Undefined until it is known, and where it was deleted. */
  environment: EnvironmentView | undefined
  /** What was refused, or null when nothing was. */
  onRefused: (error: Error | null) => void
}) {
  const again = useAgain()
  const [rollingBack, setRollingBack] = createSignal(false)
  const cancel = useMutation(() => ({
    mutationFn: () => api.deployments.cancel.mutate({ deploymentId: props.deployment.id }),
    onSuccess: ({ cancelling }) => {
      announce(cancelling ? 'It was asked to stop.' : 'It was cancelled.')
      return forget('deployments', 'environments', 'audit')
    },
    onError: () => forget('deployments', 'environments'),
  }))
  createEffect(() => props.onRefused(again.error ?? cancel.error))
  const open = () => ['queued', 'running'].includes(props.deployment.status)
  const ended = (...statuses: DeploymentView['status'][]) => statuses.includes(props.deployment.status)
  /** Another one under way, or an environment that is stopped, takes none. */
  const free = () => props.environment && !props.environment.running && !props.environment.stoppedAt
  const lastGood = () => props.environment?.lastGood?.id === props.deployment.id
  return (
    <>
      <Show when={open()}>
        <Button working={cancel.isPending || props.deployment.cancelling} onClick={() => cancel.mutate()}>
          <Square size={14} aria-hidden="true" /> {props.deployment.cancelling ? 'Cancelling' : 'Cancel'}
        </Button>
      </Show>
      <Show when={!open() && free()}>
        <Show when={ended('failed', 'cancelled')}>
          <Button
            look="primary"
            title="The same commits once more"
            working={again.isPending && again.variables?.what === 'retry'}
            onClick={() => again.mutate({ what: 'retry', deployment: props.deployment })}
          >
            <RotateCcw size={16} aria-hidden="true" /> Retry
          </Button>
        </Show>
        <Show when={ended('succeeded') && !lastGood()}>
          <Button onPointerEnter={RollBackDialog.preload} onClick={() => setRollingBack(true)}>
            <Undo2 size={16} aria-hidden="true" /> Roll back to this
          </Button>
        </Show>
        <Button
          look={ended('succeeded') ? 'primary' : 'plain'}
          title="With the latest commits"
          working={again.isPending && again.variables?.what === 'newCommits'}
          onClick={() => again.mutate({ what: 'newCommits', deployment: props.deployment })}
        >
          <RefreshCw size={16} aria-hidden="true" /> Deploy again
        </Button>
      </Show>
      <Show when={rollingBack()}>
        <RollBackDialog deployment={props.deployment} onClose={() => setRollingBack(false)} />
      </Show>
    </>
  )
}
