import Clock from 'lucide-solid/icons/clock-alert'
import { Show } from 'solid-js'
import { now, Time } from '../ui/time.tsx'
import { type Nearness, nearnessOf, shareOver } from './nearness.ts'

const colors: Record<Nearness, string> = {
  past: 'text-bad font-medium',
  close: 'text-bad font-medium',
  soon: 'text-late font-medium',
  far: '',
}
const fills: Record<Nearness, string> = { past: 'bg-bad', close: 'bg-bad', soon: 'bg-late', far: 'bg-accent' }

/** When a token ends; in a colour and with a clock when that is near. */
export function Expiry(props: { at: string | null }) {
  return (
    <Show when={props.at} fallback={<span>no expiry known</span>}>
      {(at) => {
        const nearness = () => nearnessOf(at(), now())
        return (
          <span class={`inline-flex items-center gap-1 ${colors[nearness()]}`}>
            <Show when={nearness() !== 'far'}>
              <Clock size={14} aria-hidden="true" />
            </Show>
            <span>
              {nearness() === 'past' ? 'expired' : 'expires'} <Time at={at()} as="day" />, <Time at={at()} />
            </span>
          </span>
        )
      }}
    </Show>
  )
}

/** A token's time as a bar: full when it is over. */
export function ExpiryBar(props: { from: string; to: string }) {
  const share = () => shareOver(props, now())
  return (
    <div class="flex max-w-md flex-col gap-1.5">
      <div class="h-1.5 overflow-hidden rounded-full bg-line" aria-hidden="true">
        <div
          class={`h-full rounded-full ${fills[nearnessOf(props.to, now())]}`}
          style={{ width: `${Math.max(1, share() * 100)}%` }}
        />
      </div>
      <div class="flex flex-wrap justify-between gap-x-4 text-sm text-quiet">
        <span>
          in use since <Time at={props.from} as="day" />
        </span>
        <Expiry at={props.to} />
      </div>
    </div>
  )
}
