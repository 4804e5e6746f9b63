import { useNavigate, useParams, useSearchParams } from '@solidjs/router'
import { useMutation, useQuery } from '@tanstack/solid-query'
import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js'
import { api, ask, type ConnectionView, forget, objection } from '../api.ts'
import { EntryLine } from '../audit/entry-line.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { Overview } from './overview.tsx'

const tabs = [
  ['overview', 'Overview'],
  ['used-by', 'Used by'],
  ['timeline', 'Timeline'],
  ['settings', 'Settings'],
] as const

function Timeline(props: { connectionId: string }) {
  const history = useQuery(() =>
    ask('connections.history', api.connections.history, { connectionId: props.connectionId, limit: 200 }),
  )
  return (
    <>
      <Trouble error={history.error} onRetry={() => void history.refetch()} />
      <Show when={history.data} fallback={<div class="skeleton h-48" />}>
        {(data) => <For each={data().entries}>{(entry) => <EntryLine entry={entry} />}</For>}
      </Show>
    </>
  )
}

function Settings(props: { connection: ConnectionView }) {
  const navigate = useNavigate()
  const [name, setName] = createSignal(props.connection.name)
  const [deleting, setDeleting] = createSignal(false)
  createEffect(on(() => props.connection.name, setName, { defer: true }))
  const rename = useMutation(() => ({
    mutationFn: () => api.connections.rename.mutate({ connectionId: props.connection.id, name: name() }),
    onSuccess: () => forget('connections', 'audit'),
  }))
  return (
    <div class="flex max-w-md flex-col gap-6">
      <form
        class="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate()
        }}
      >
        <Field
          label="Name"
          required
          maxLength={80}
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
          error={objection(rename.error, 'name')}
        />
        <Trouble error={objection(rename.error, 'name') ? null : rename.error} />
        <Button type="submit" class="self-start" working={rename.isPending}>
          Rename
        </Button>
      </form>
      <Button look="danger" class="self-start" onClick={() => setDeleting(true)}>
        Delete this connection
      </Button>
      <Show when={deleting()}>
        <DeleteDialog
          connection={props.connection}
          onClose={() => {
            setDeleting(false)
          }}
          onDeleted={() => navigate('/settings/git-connections')}
        />
      </Show>
    </div>
  )
}

/** One connection with its evidence, its dependents, its history and its settings. */
export default function ConnectionPage() {
  const params = useParams()
  const [search, setSearch] = useSearchParams()
  const connection = useQuery(() =>
    ask('connections.get', api.connections.get, { connectionId: params.connectionId ?? '' }),
  )
  const tab = () => tabs.find(([id]) => id === search.tab)?.[0] ?? 'overview'
  return (
    <>
      <PageHead title={connection.data?.name ?? 'Connection'} />
      <Trouble error={connection.error} onRetry={() => void connection.refetch()} />
      <Show
        when={connection.data}
        fallback={
          <Show when={connection.isPending}>
            <div class="skeleton h-44" />
          </Show>
        }
      >
        {(view) => (
          <>
            <ConnectionCard connection={view()} whole />
            <nav aria-label="About this connection" class="my-4 flex flex-wrap gap-1 border-b border-line">
              <For each={tabs}>
                {([id, label]) => (
                  <button
                    type="button"
                    aria-current={tab() === id ? 'page' : undefined}
                    class="min-h-10 border-b-2 border-transparent px-3"
                    classList={{ 'border-accent! text-accent font-medium': tab() === id }}
                    onClick={() => setSearch({ tab: id === 'overview' ? null : id })}
                  >
                    {label}
                  </button>
                )}
              </For>
            </nav>
            <Switch>
              <Match when={tab() === 'overview'}>
                <Overview connection={view()} />
              </Match>
              <Match when={tab() === 'used-by'}>
                <p>No environment uses it: projects come with a later version.</p>
              </Match>
              <Match when={tab() === 'timeline'}>
                <Timeline connectionId={view().id} />
              </Match>
              <Match when={tab() === 'settings'}>
                <Settings connection={view()} />
              </Match>
            </Switch>
          </>
        )}
      </Show>
    </>
  )
}
