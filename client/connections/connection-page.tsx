import { A, useParams, useSearchParams } from '@solidjs/router'
import { Match, Show, Switch } from 'solid-js'
import { api, ask, type ConnectionView, refusal } from '../api.ts'
import { PageHead } from '../ui/page-head.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { ConnectionCard } from './connection-card.tsx'
import { Deleted } from './deleted-list.tsx'
import { Dependents, useDependents } from './dependents.tsx'
import { MoveInstead } from './move-instead.tsx'
import { Overview } from './overview.tsx'
import { Settings } from './settings.tsx'
import { Timeline } from './timeline.tsx'

const tabs = [
  ['overview', 'Overview'],
  ['used-by', 'Used by'],
  ['timeline', 'Timeline'],
  ['settings', 'Settings'],
] as const
const all = { href: '/settings/git-connections', name: 'Git Connections' }

/** One connection with its evidence, its dependents, its history and its settings. */
export default function ConnectionPage() {
  const params = useParams()
  const [search] = useSearchParams()
  const connectionId = () => params.connectionId ?? ''
  const connection = useAnswer(() => ask('connections.get', api.connections.get, { connectionId: connectionId() }))
  const gone = () => refusal(connection.error)?.domainCode === 'ConnectionMissing'
  const tab = () => tabs.find(([id]) => id === search.tab)?.[0] ?? 'overview'
  return (
    <Show when={!gone()} fallback={<Gone connectionId={connectionId()} error={connection.error} />}>
      <PageHead title={connection.data?.name ?? 'Connection'} partOf={all} />
      <Trouble error={connection.data ? null : connection.error} onRetry={connection.refetch} />
      <Show
        when={connection.data}
        fallback={
          <Show when={connection.isPending}>
            <div role="status" aria-label="Loading the connection" class="skeleton h-[126px]" />
          </Show>
        }
      >
        {(view) => (
          <>
            <ConnectionCard connection={view()} whole />
            <Tabs about="this connection" tabs={tabs} open={tab()} />
            <Switch>
              <Match when={tab() === 'overview'}>
                <Overview connection={view()} />
              </Match>
              <Match when={tab() === 'used-by'}>
                <UsedBy connection={view()} />
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
    </Show>
  )
}

/** What stands at the address of a connection that was deleted: the way back, while there is one, and its history. */
function Gone(props: { connectionId: string; error: unknown }) {
  const deleted = useAnswer(() => ask('connections.deleted', api.connections.deleted, undefined))
  const found = () => deleted.data?.find(({ id }) => id === props.connectionId)
  return (
    <Show
      when={found()}
      fallback={
        <>
          <PageHead title="Connection" partOf={all} />
          <Trouble error={props.error} />
        </>
      }
    >
      {(connection) => (
        <>
          <PageHead title={connection().name} partOf={all} />
          <div class="card mb-6 p-4">
            <Deleted connection={connection()} />
          </div>
          <h2 class="mb-2 text-lg font-semibold">Timeline</h2>
          <Timeline connectionId={connection().id} />
        </>
      )}
    </Show>
  )
}

function UsedBy(props: { connection: ConnectionView }) {
  const dependents = useDependents(() => props.connection.id)
  return (
    <div class="flex flex-col items-start gap-4">
      <Dependents
        of={dependents}
        leads={{
          environments: 'These environments are deployed through it:',
          projects: 'These projects take repositories through it:',
        }}
      />
      <MoveInstead connection={props.connection} of={dependents} />
      <Show when={props.connection.enabled && props.connection.status === 'active'}>
        <A class="link inline-flex min-h-10 items-center" href={`/projects/new?connection=${props.connection.id}`}>
          Create a project
        </A>
      </Show>
    </div>
  )
}
