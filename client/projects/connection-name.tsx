import { A } from '@solidjs/router'
import CircleX from 'lucide-solid/icons/circle-x'
import Trash from 'lucide-solid/icons/trash'
import { Match, Show, Switch } from 'solid-js'
import type { UsedRepository } from '../api.ts'
import { ProviderMark } from '../connections/provider-mark.tsx'
import { StatusMark } from '../connections/status.tsx'

/** The connection that a repository is reached by; its state stands beside it where it is not fine. */
export function ConnectionName(props: {
  of: Pick<UsedRepository, 'connectionId' | 'connection'>
  /** Without the link to it, which would lead away from a form. */
  plain?: boolean
}) {
  const connection = () => props.of.connection
  return (
    <span class="inline-flex min-w-0 items-center gap-1.5">
      <ProviderMark provider={connection().provider} size={14} />
      <Show when={!props.plain} fallback={<span class="min-w-0">{connection().name}</span>}>
        <A class="min-w-0 text-ink hover:underline" href={`/settings/git-connections/${props.of.connectionId}`}>
          {connection().name}
        </A>
      </Show>
      <Switch
        fallback={
          <Show when={connection().status !== 'active'}>
            <StatusMark status={connection().status} size={14} />
          </Show>
        }
      >
        <Match when={connection().deleted}>
          <span class="inline-flex items-center gap-1 font-medium whitespace-nowrap text-bad">
            <Trash size={14} aria-hidden="true" /> Deleted
          </span>
        </Match>
        <Match when={!connection().enabled}>
          <span class="inline-flex items-center gap-1 font-medium whitespace-nowrap text-late">
            <CircleX size={14} aria-hidden="true" /> Disabled
          </span>
        </Match>
      </Switch>
    </span>
  )
}
