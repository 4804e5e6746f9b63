import Ban from 'lucide-solid/icons/ban'
import CircleCheck from 'lucide-solid/icons/circle-check'
import Clock from 'lucide-solid/icons/clock'
import LoaderCircle from 'lucide-solid/icons/loader-circle'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import Unlink from 'lucide-solid/icons/unlink'
import { Dynamic } from 'solid-js/web'
import type { ConnectionView } from '../api.ts'
import { Hint } from '../ui/hint.tsx'

type Status = ConnectionView['status']

/** Each status as people see it; the worst first when the list is sorted by what needs attention. */
export const statusLooks = {
  revoked: { word: 'Revoked', meaning: "The token was revoked on the provider's side", icon: Ban, color: 'text-bad' },
  expired: { word: 'Expired', meaning: 'The token needs to be refreshed or renewed', icon: Clock, color: 'text-late' },
  invalid: { word: 'Invalid', meaning: 'The credentials are invalid or malformed', icon: Unlink, color: 'text-broken' },
  error: {
    word: 'Error',
    meaning: 'Something went wrong, check the credentials',
    icon: TriangleAlert,
    color: 'text-bad',
  },
  pending: { word: 'Pending', meaning: 'The connection is being validated', icon: LoaderCircle, color: 'text-busy' },
  active: { word: 'Active', meaning: 'Working normally', icon: CircleCheck, color: 'text-good' },
} as const satisfies Record<Status, unknown>

/** A status of any time as people say it. */
export function statusWord(status: string): string {
  return Object.entries(statusLooks).find(([id]) => id === status)?.[1].word ?? status
}

/** A status by icon and word. */
export function StatusMark(props: { status: Status; quiet?: boolean; size?: number }) {
  const look = () => statusLooks[props.status]
  return (
    <span
      class={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${props.quiet ? 'text-quiet' : look().color}`}
    >
      <Dynamic
        component={look().icon}
        size={props.size ?? 16}
        aria-hidden="true"
        class={props.status === 'pending' ? 'turning' : ''}
      />
      {look().word}
    </span>
  )
}

/** A status by icon and word; its meaning on hover, focus or tap. */
export function StatusBadge(props: { status: Status; quiet?: boolean }) {
  return (
    <Hint text={statusLooks[props.status].meaning}>
      <StatusMark {...props} />
    </Hint>
  )
}
