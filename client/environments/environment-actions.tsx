import { A, useNavigate } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import CirclePause from 'lucide-solid/icons/circle-pause'
import CirclePlay from 'lucide-solid/icons/circle-play'
import PanelRightOpen from 'lucide-solid/icons/panel-right-open'
import Pencil from 'lucide-solid/icons/pencil'
import RefreshCw from 'lucide-solid/icons/refresh-cw'
import Rocket from 'lucide-solid/icons/rocket'
import Trash from 'lucide-solid/icons/trash'
import { createSignal, Show } from 'solid-js'
import { api, type EnvironmentView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { DeleteEnvironmentDialog } from './dialogs.ts'
import { isUp, useDeploy } from './use-deploy.ts'

/** What can be done about an environment: deploying it, and what is behind one more button. */
export function EnvironmentActions(props: {
  environment: EnvironmentView
  /** On its own page, to which there is no way then. */
  whole?: boolean
  /** What was refused, or null when nothing was. */
  onRefused: (error: Error | null) => void
  onDeleted?: () => void
}) {
  const navigate = useNavigate()
  const [deleting, setDeleting] = createSignal(false)
  const deploy = useDeploy()
  const turn = useMutation(() => ({
    mutationFn: (on: boolean) => {
      const of = { environmentId: props.environment.id }
      return on ? api.environments.resume.mutate(of) : api.environments.stop.mutate(of)
    },
    onMutate: () => props.onRefused(null),
    onSuccess: ({ name, stoppedAt }) => {
      announce(stoppedAt ? `${name} is stopped.` : `${name} takes deployments again.`)
      return forget('environments', 'connections', 'audit')
    },
    onError: props.onRefused,
  }))
  const begin = (kind: 'deploy' | 'sync') => {
    props.onRefused(null)
    deploy.mutate({ environment: props.environment, kind }, { onError: props.onRefused })
  }
  const more = (): MenuItem[] => {
    const { id, stoppedAt, running } = props.environment
    const open = {
      name: 'Open',
      icon: PanelRightOpen,
      onChoose: () => navigate(`/environments/${id}`),
    }
    const whole = { name: 'Deploy anew', icon: Rocket, onChoose: () => begin('deploy') }
    return [
      ...(props.whole ? [] : [open]),
      ...(isUp(props.environment) && !stoppedAt && !running ? [whole] : []),
      { name: 'Edit', icon: Pencil, onChoose: () => navigate(`/environments/${id}/edit`) },
      stoppedAt
        ? { name: 'Resume', icon: CirclePlay, onChoose: () => turn.mutate(true) }
        : { name: 'Stop', icon: CirclePause, onChoose: () => turn.mutate(false) },
      { name: 'Delete', icon: Trash, danger: true, onChoose: () => setDeleting(true) },
    ]
  }
  return (
    <div class="flex items-center gap-1.5">
      <Show
        when={!props.environment.stoppedAt}
        fallback={
          <Button
            small
            aria-label={`Resume ${props.environment.name}`}
            working={turn.isPending}
            onClick={() => turn.mutate(true)}
          >
            <CirclePlay size={14} aria-hidden="true" /> Resume
          </Button>
        }
      >
        <Show
          when={!props.environment.running}
          fallback={
            <A
              class="control-small inline-flex items-center hover:border-quiet"
              href={`/deployments/${props.environment.running?.id}`}
              aria-label={`Watch the deployment of ${props.environment.name}`}
            >
              Watch
            </A>
          }
        >
          <Button
            small
            look="primary"
            working={deploy.isPending}
            aria-label={`${isUp(props.environment) ? 'Sync' : 'Deploy'} ${props.environment.name}`}
            onClick={() => begin(isUp(props.environment) ? 'sync' : 'deploy')}
          >
            <Show when={isUp(props.environment)} fallback={<Rocket size={14} aria-hidden="true" />}>
              <RefreshCw size={14} aria-hidden="true" />
            </Show>
            {isUp(props.environment) ? 'Sync' : 'Deploy'}
          </Button>
        </Show>
      </Show>
      <Menu label={`More about ${props.environment.name}`} items={more()} />
      <Show when={deleting()}>
        <DeleteEnvironmentDialog
          environment={props.environment}
          onClose={() => setDeleting(false)}
          {...(props.onDeleted ? { onDeleted: props.onDeleted } : {})}
        />
      </Show>
    </div>
  )
}
