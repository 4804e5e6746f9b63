import { A } from '@solidjs/router'
import Check from 'lucide-solid/icons/check'
import LoaderCircle from 'lucide-solid/icons/loader-circle'
import Minus from 'lucide-solid/icons/minus'
import X from 'lucide-solid/icons/x'
import { For, Match, onMount, Show, Switch } from 'solid-js'
import { api, ask, type ConnectionView } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { type Answer, checksOf } from './checks.ts'
import { Finding } from './finding.tsx'
import { StatusBadge } from './status.tsx'

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

/** What the provider answers about a new connection, as it answers. */
export function Checklist(props: { connectionId: string; onClose: () => void }) {
  const connection = useAnswer(() => ({
    ...ask('connections.get', api.connections.get, { connectionId: props.connectionId }),
    refetchInterval: ({ state }: { state: { data?: ConnectionView | undefined } }) =>
      !state.data || state.data.status === 'pending' ? 1_500 : false,
  }))
  let done: HTMLButtonElement | undefined
  onMount(() => done?.focus())
  return (
    <div class="flex flex-col gap-4">
      <Trouble error={connection.error} />
      <Show when={connection.data} fallback={<div class="h-52" />}>
        {(view) => (
          <>
            <div class="flex flex-wrap items-center gap-3">
              <span class="min-w-0 text-lg font-semibold">{view().name}</span> <StatusBadge status={view().status} />
            </div>
            <ul class="divide-y divide-line">
              <For each={checksOf(view())}>
                {(check) => (
                  <li class="flex items-start gap-2 py-1.5">
                    <span class="inline-flex h-5 items-center">
                      <Mark answer={check.answer} />
                    </span>
                    <span class="min-w-0">
                      {check.what}
                      <span class="sr-only">: {answerWords[check.answer]}</span>{' '}
                      <span class="text-quiet">{check.detail}</span>
                    </span>
                  </li>
                )}
              </For>
            </ul>
            <div>
              <Finding connection={view()} checking={false} told />
            </div>
          </>
        )}
      </Show>
      <div class="flex items-center justify-end gap-4">
        <A class="link inline-flex min-h-10 items-center" href={`/settings/git-connections/${props.connectionId}`}>
          Details
        </A>
        <Button ref={done} look="primary" onClick={props.onClose}>
          Done
        </Button>
      </div>
    </div>
  )
}
