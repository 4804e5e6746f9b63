import Check from 'lucide-solid/icons/check'
import LoaderCircle from 'lucide-solid/icons/loader-circle'
import Minus from 'lucide-solid/icons/minus'
import X from 'lucide-solid/icons/x'
import { For, Match, Switch } from 'solid-js'
import type { Answer } from './checks.ts'

const answerWords: Record<Answer, string> = { yes: 'yes', no: 'no', unchecked: 'not checked', waiting: 'waiting' }

function Mark(props: { answer: Answer }) {
  return (
    <Switch>
      <Match when={props.answer === 'yes'}>
        <Check size={16} class="shrink-0 text-good" aria-hidden="true" />
      </Match>
      <Match when={props.answer === 'no'}>
        <X size={16} class="shrink-0 text-bad" aria-hidden="true" />
      </Match>
      <Match when={props.answer === 'waiting'}>
        <LoaderCircle size={16} class="turning shrink-0 text-busy" aria-hidden="true" />
      </Match>
      <Match when={props.answer === 'unchecked'}>
        <Minus size={16} class="shrink-0 text-quiet" aria-hidden="true" />
      </Match>
    </Switch>
  )
}

/** What was checked, a line each: its mark, its name, and what was seen. */
export function CheckLines(props: { checks: readonly { what: string; answer: Answer; detail: string }[] }) {
  return (
    <ul class="divide-y divide-line">
      <For each={props.checks}>
        {(check) => (
          <li class="flex items-start gap-2 py-1.5">
            <span class="inline-flex h-5 items-center">
              <Mark answer={check.answer} />
            </span>
            <span class="min-w-0 break-words">
              {check.what}
              <span class="sr-only">: {answerWords[check.answer]}</span> <span class="text-quiet">{check.detail}</span>
            </span>
          </li>
        )}
      </For>
    </ul>
  )
}
