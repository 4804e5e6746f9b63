import { A } from '@solidjs/router'
import CircleX from 'lucide-solid/icons/circle-x'
import { createMemo, createSignal, Match, Show, Switch } from 'solid-js'
import { api, ask, type ConnectionView } from '../api.ts'
import { ProviderMark } from '../connections/provider-mark.tsx'
import { StatusMark } from '../connections/status.tsx'
import { hostOf, methodWords } from '../connections/words.ts'
import { SearchList } from '../ui/search-list.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { isUsable } from './used.ts'

/** Why nothing can be chosen through a connection, in words. */
function reasonOf({ enabled, disabledReason, status, message }: ConnectionView): string {
  if (!enabled) return disabledReason ?? 'Nothing can use it until it is enabled.'
  return status === 'pending' ? 'It is being validated.' : message
}

/** Choosing the connection: those that work first; the others can't be chosen, and say why. */
export function ConnectionStep(props: { chosen: string | undefined; onChoose: (connection: ConnectionView) => void }) {
  const connections = useAnswer(() => ask('connections.list', api.connections.list, undefined))
  const [search, setSearch] = createSignal('')
  const found = createMemo(() => {
    const words = search().toLowerCase().split(/\s+/)
    return connections.data
      ?.filter(({ name, account, baseUrl }) => {
        const text = `${name} ${account?.login ?? ''} ${baseUrl}`.toLowerCase()
        return words.every((word) => text.includes(word))
      })
      .sort((a, b) => Number(isUsable(b)) - Number(isUsable(a)) || a.name.localeCompare(b.name))
  })
  return (
    <Switch>
      <Match when={connections.error && !connections.data}>
        <Trouble error={connections.error} onRetry={connections.refetch} />
      </Match>
      <Match when={true}>
        <SearchList
          label="Connections"
          tall
          search={search()}
          onSearch={setSearch}
          items={found()}
          by={({ id }) => id}
          chosen={props.chosen}
          isClosed={(connection) => !isUsable(connection)}
          onChoose={props.onChoose}
          row={(connection) => <ConnectionRow connection={connection} />}
          empty={
            <Switch fallback={<div role="status" aria-label="Loading connections" class="skeleton h-full" />}>
              <Match when={connections.data?.length === 0}>
                <p>
                  There is no connection yet.{' '}
                  <A class="link" href="/settings/git-connections">
                    Add a Git Connection
                  </A>{' '}
                  first.
                </p>
              </Match>
              <Match when={connections.data}>
                <p>No connection is called so.</p>
              </Match>
            </Switch>
          }
        />
      </Match>
    </Switch>
  )
}

function ConnectionRow(props: { connection: ConnectionView }) {
  const words = () =>
    isUsable(props.connection)
      ? `${props.connection.account?.login ?? 'account not known'} on ${hostOf(props.connection.baseUrl)} · ${methodWords(props.connection)}`
      : reasonOf(props.connection)
  return (
    <div>
      <div class="flex items-center gap-2">
        <ProviderMark provider={props.connection.provider} size={16} />
        <span class="min-w-0 flex-1 truncate font-medium">{props.connection.name}</span>
        <Show
          when={props.connection.enabled}
          fallback={
            <span class="inline-flex items-center gap-1.5 font-medium">
              <CircleX size={16} aria-hidden="true" /> Disabled
            </span>
          }
        >
          <StatusMark status={props.connection.status} />
        </Show>
      </div>
      <div class="truncate text-sm text-quiet" title={words()}>
        {words()}
      </div>
    </div>
  )
}
