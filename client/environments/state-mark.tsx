import CircleCheck from 'lucide-solid/icons/circle-check'
import CircleDashed from 'lucide-solid/icons/circle-dashed'
import CirclePause from 'lucide-solid/icons/circle-pause'
import CircleSlash from 'lucide-solid/icons/circle-slash'
import Clock from 'lucide-solid/icons/clock'
import LoaderCircle from 'lucide-solid/icons/loader-circle'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { Elapsed } from '../ui/elapsed.tsx'
import type { EnvironmentState } from './state.ts'

const looks = {
  never: { word: 'Never deployed', icon: CircleDashed, color: 'text-quiet' },
  queued: { word: 'Queued', icon: Clock, color: 'text-busy' },
  deploying: { word: 'Deploying', icon: LoaderCircle, color: 'text-busy' },
  stopping: { word: 'Cancelling', icon: LoaderCircle, color: 'text-late' },
  deployed: { word: 'Deployed', icon: CircleCheck, color: 'text-good' },
  failed: { word: 'Failed', icon: TriangleAlert, color: 'text-bad' },
  cancelled: { word: 'Cancelled', icon: CircleSlash, color: 'text-quiet' },
  stopped: { word: 'Stopped', icon: CirclePause, color: 'text-quiet' },
} as const satisfies Record<EnvironmentState['is'], unknown>

/** How an environment is, by icon and word; how long, where something is under way. */
export function EnvironmentStateMark(props: { state: EnvironmentState }) {
  const look = () => looks[props.state.is]
  const turns = () => props.state.is === 'deploying' || props.state.is === 'stopping'
  return (
    <span class={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${look().color}`}>
      <Dynamic component={look().icon} size={16} aria-hidden="true" class={turns() ? 'turning' : ''} />
      {look().word}
      <Show when={'since' in props.state && props.state.since}>
        {(since) => (
          <span class="font-normal text-quiet">
            <Elapsed from={since()} to={null} />
          </span>
        )}
      </Show>
    </span>
  )
}
