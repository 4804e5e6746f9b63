import { A } from '@solidjs/router'
import ExternalLink from 'lucide-solid/icons/external-link'
import GitBranch from 'lucide-solid/icons/git-branch'
import { Show } from 'solid-js'
import { api, ask, type UsedRepository } from '../api.ts'
import { providerWords } from '../connections/words.ts'
import { Time } from '../ui/time.tsx'
import { useAnswer } from '../use-answer.ts'
import { ConnectionName } from './connection-name.tsx'
import { FullName } from './full-name.tsx'
import { branchUrlOf, stateWord, urlOf } from './used.ts'

/** A repository of a project: where it is, on which branch, through what, and why it can't be had if so. */
export function UsedRepositoryCard(props: { used: UsedRepository; place?: number }) {
  return (
    <div class="card flex gap-3 p-3 sm:p-4">
      <Show when={props.place}>{(place) => <span class="tabular text-quiet">{place()}</span>}</Show>
      <div class="flex min-w-0 flex-1 flex-col gap-1">
        <div class="flex flex-wrap items-center gap-x-4">
          <a
            class="group inline-flex min-w-0 items-center gap-1.5 hover:underline"
            href={urlOf(props.used)}
            target="_blank"
            rel="noreferrer"
          >
            <span class="min-w-0">
              <FullName of={props.used.fullName} />
            </span>
            <ExternalLink size={14} class="shrink-0 text-quiet" aria-hidden="true" />
            <span class="sr-only">, at {providerWords[props.used.connection.provider]}, in a new tab</span>
          </a>
          <a
            class="inline-flex min-w-0 items-center gap-1.5 font-mono text-sm hover:underline"
            href={branchUrlOf(props.used)}
            target="_blank"
            rel="noreferrer"
          >
            <GitBranch size={14} class="shrink-0 text-quiet" aria-hidden="true" />
            <span class="sr-only">branch</span>
            <span class="min-w-0">{props.used.branch}</span>
          </a>
        </div>
        <p class="flex gap-1.5 text-quiet">
          <span>through</span> <ConnectionName of={props.used} />
        </p>
        <Show when={props.used.accessLost}>
          {(lost) => (
            <p class="text-late">
              Lost access to {props.used.fullName} since <Time at={lost().since} as="dayAndClock" />. {lost().message}
            </p>
          )}
        </Show>
        <Show when={stateWord(props.used.connection)}>
          <ConnectionTrouble used={props.used} />
        </Show>
      </div>
    </div>
  )
}

/** Why nothing comes through a connection, and what to do about it. */
function ConnectionTrouble(props: { used: UsedRepository }) {
  const connections = useAnswer(() => ask('connections.list', api.connections.list, undefined))
  const found = () => connections.data?.find(({ id }) => id === props.used.connectionId)
  const words = () => {
    const { deleted, enabled } = props.used.connection
    if (deleted) return 'This connection was deleted. Restore it, or choose another one for this repository.'
    const reason = found()?.disabledReason
    if (!enabled) {
      return `This connection is disabled${reason ? `: ${reason}` : '.'} Enable it, or choose another one for this repository.`
    }
    return [found()?.message, found()?.advice.text].filter(Boolean).join(' ')
  }
  return (
    <p class="text-late">
      {words()}{' '}
      <A class="link" href={`/settings/git-connections/${props.used.connectionId}`}>
        Go to the connection
      </A>
    </p>
  )
}
