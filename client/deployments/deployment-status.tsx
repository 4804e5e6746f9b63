import CircleCheck from 'lucide-solid/icons/circle-check'
import CircleSlash from 'lucide-solid/icons/circle-slash'
import Clock from 'lucide-solid/icons/clock'
import LoaderCircle from 'lucide-solid/icons/loader-circle'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { Dynamic } from 'solid-js/web'
import type { DeploymentSummary } from '../api.ts'

type Status = DeploymentSummary['status']

/** Each status of a deployment as people see it. */
export const deploymentLooks = {
  queued: { word: 'Queued', icon: Clock, color: 'text-busy' },
  running: { word: 'Running', icon: LoaderCircle, color: 'text-busy' },
  succeeded: { word: 'Succeeded', icon: CircleCheck, color: 'text-good' },
  failed: { word: 'Failed', icon: TriangleAlert, color: 'text-bad' },
  cancelled: { word: 'Cancelled', icon: CircleSlash, color: 'text-quiet' },
} as const satisfies Record<Status, unknown>

/** How a deployment is, by icon and word. */
export function DeploymentStatus(props: { deployment: Pick<DeploymentSummary, 'status' | 'cancelling' | 'warnings'> }) {
  const look = () => deploymentLooks[props.deployment.status]
  const word = () => (props.deployment.cancelling ? 'Cancelling' : look().word)
  return (
    <span class={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${look().color}`}>
      <Dynamic
        component={look().icon}
        size={16}
        aria-hidden="true"
        class={props.deployment.status === 'running' ? 'turning' : ''}
      />
      {word()}
    </span>
  )
}
