import { A } from '@solidjs/router'
import { onMount, Show } from 'solid-js'
import { api, ask, type ConnectionView } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { AddressCheck } from './address-check.tsx'
import { CheckLines } from './check-lines.tsx'
import { checksOf } from './checks.ts'
import { Finding } from './finding.tsx'
import { StatusBadge } from './status.tsx'

/** Why a first check came to nothing on its way, before the token was looked at. */
const ON_THE_WAY = new Set(['unreachable', 'notGitHub', 'notGitLab', 'redirected'])

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
            <CheckLines checks={checksOf(view())} />
            <div>
              <Finding connection={view()} checking={false} told />
            </div>
            <Show when={ON_THE_WAY.has(view().deferred?.reason ?? view().reason)}>
              <AddressCheck now asked={{ connectionId: props.connectionId }} of={view()} />
            </Show>
          </>
        )}
      </Show>
      <div class="flex flex-wrap items-center justify-end gap-x-4">
        <Show when={connection.data?.status === 'active'}>
          <A class="link inline-flex min-h-10 items-center" href={`/projects/new?connection=${props.connectionId}`}>
            Create a project
          </A>
        </Show>
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
