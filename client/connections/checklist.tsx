import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import Check from 'lucide-solid/icons/check'
import LoaderCircle from 'lucide-solid/icons/loader-circle'
import Minus from 'lucide-solid/icons/minus'
import X from 'lucide-solid/icons/x'
import { For, Match, Show, Switch } from 'solid-js'
import { api, ask, type ConnectionView } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { StatusBadge } from './status.tsx'
import { hostOf } from './words.ts'

type Answer = 'yes' | 'no' | 'unchecked' | 'waiting'

function checksOf(view: ConnectionView): { what: string; answer: Answer; detail: string }[] {
  const settled = view.status !== 'pending'
  const unsettled: Answer = settled ? 'unchecked' : 'waiting'
  const reached = view.calls.some(({ status }) => status !== null)
  const accepted: Answer = view.account ? 'yes' : settled ? 'no' : 'waiting'
  const scopes: Answer = view.scopes ? (view.missingScopes.length ? 'no' : 'yes') : unsettled
  const tick = ({ is }: ConnectionView['canList']): Answer => (is === 'unchecked' ? unsettled : is)
  return [
    { what: `Reached ${hostOf(view.baseUrl)}`, answer: reached ? 'yes' : settled ? 'no' : 'waiting', detail: '' },
    { what: 'Token accepted', answer: accepted, detail: view.account ? `as ${view.account.login}` : '' },
    {
      what: 'Scopes',
      answer: scopes,
      detail: view.missingScopes.length ? `missing: ${view.missingScopes.join(', ')}` : (view.scopes?.join(', ') ?? ''),
    },
    { what: 'Can list', answer: tick(view.canList), detail: view.canList.detail },
    { what: 'Can clone', answer: tick(view.canClone), detail: view.canClone.detail },
  ]
}

const answerWords: Record<Answer, string> = { yes: 'yes', no: 'no', unchecked: 'not checked', waiting: 'waiting' }

/** What the provider answers about a new connection, as it answers. */
export function Checklist(props: { connectionId: string; onClose: () => void }) {
  const connection = useQuery(() => ({
    ...ask('connections.get', api.connections.get, { connectionId: props.connectionId }),
    refetchInterval: ({ state }: { state: { data?: ConnectionView | undefined } }) =>
      !state.data || state.data.status === 'pending' ? 1_500 : false,
  }))
  return (
    <div class="flex flex-col gap-4">
      <Trouble error={connection.error} />
      <Show when={connection.data}>
        {(view) => (
          <>
            <div class="flex flex-wrap items-center gap-3">
              <span class="text-lg font-semibold">{view().name}</span> <StatusBadge status={view().status} />
            </div>
            <ul class="space-y-2">
              <For each={checksOf(view())}>
                {(check) => (
                  <li class="flex gap-2">
                    <Switch>
                      <Match when={check.answer === 'yes'}>
                        <Check size={18} class="text-good" aria-hidden="true" />
                      </Match>
                      <Match when={check.answer === 'no'}>
                        <X size={18} class="text-bad" aria-hidden="true" />
                      </Match>
                      <Match when={check.answer === 'waiting'}>
                        <LoaderCircle size={18} class="turning text-busy" aria-hidden="true" />
                      </Match>
                      <Match when={check.answer === 'unchecked'}>
                        <Minus size={18} class="text-quiet" aria-hidden="true" />
                      </Match>
                    </Switch>
                    <span class="min-w-0">
                      {check.what}
                      <span class="sr-only">: {answerWords[check.answer]}</span>{' '}
                      <span class="text-quiet">{check.detail}</span>
                    </span>
                  </li>
                )}
              </For>
            </ul>
            <p role="status">{view().message}</p>
          </>
        )}
      </Show>
      <div class="flex items-center justify-end gap-3">
        <A class="link" href={`/settings/git-connections/${props.connectionId}`}>
          Details
        </A>
        <Button look="primary" onClick={props.onClose}>
          Done
        </Button>
      </div>
    </div>
  )
}
