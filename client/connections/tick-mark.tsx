import Check from 'lucide-solid/icons/check'
import Minus from 'lucide-solid/icons/minus'
import X from 'lucide-solid/icons/x'
import { Match, Switch } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Hint } from '../ui/hint.tsx'

const words = { yes: 'yes', no: 'no', unchecked: 'not checked' }

/** Whether something works, and how we know. */
export function TickMark(props: { what: string; tick: ConnectionView['canList'] }) {
  return (
    <Hint text={props.tick.detail || `${props.what}: ${words[props.tick.is]}`}>
      <span class="inline-flex items-center gap-1" classList={{ 'text-bad font-medium': props.tick.is === 'no' }}>
        {props.what}
        <Switch>
          <Match when={props.tick.is === 'yes'}>
            <Check size={14} class="text-good" aria-hidden="true" />
          </Match>
          <Match when={props.tick.is === 'no'}>
            <X size={14} class="text-bad" aria-hidden="true" />
          </Match>
          <Match when={props.tick.is === 'unchecked'}>
            <Minus size={14} class="text-quiet" aria-hidden="true" />
          </Match>
        </Switch>
        <span class="sr-only">: {words[props.tick.is]}</span>
      </span>
    </Hint>
  )
}
