import { useSearchParams } from '@solidjs/router'
import Plus from 'lucide-solid/icons/plus'
import { createEffect, createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import { api, ask, type ConnectionView, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { createGradual } from '../ui/gradual.ts'
import { Keyed } from '../ui/keyed.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { textOf } from '../ui/text-of.ts'
import { now } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'

import { ConnectionCard } from './connection-card.tsx'
import { Filters } from './connection-filters.tsx'
import { DeletedList } from './deleted-list.tsx'
import { AddDialog } from './dialogs.ts'
import { compareEnds } from './nearness.ts'
import { NoConnection } from './no-connection.tsx'
import { statusLooks } from './status.tsx'

const urgency = Object.keys(statusLooks)
const byName = (a: ConnectionView, b: ConnectionView) => a.name.localeCompare(b.name)
const orders: Record<string, (a: ConnectionView, b: ConnectionView) => number> = {
  attention: (a, b) =>
    Number(b.enabled) - Number(a.enabled) ||
    urgency.indexOf(a.status) - urgency.indexOf(b.status) ||
    compareEnds(a.expiresAt, b.expiresAt, now()) ||
    byName(a, b),
  name: byName,
  newest: (a, b) => b.createdAt.localeCompare(a.createdAt),
}

/** All connections of the organization: the broken ones first, then those that end soon. */
export default function ConnectionsPage() {
  const [search] = useSearchParams()
  const [adding, setAdding] = createSignal<Provider | null>(null)
  const connections = useAnswer(() => ask('connections.list', api.connections.list, undefined))
  const organization = useAnswer(() => ask('organization.get', api.organization.get, undefined))
  const shown = createMemo(() => {
    const wanted = textOf(search.q).toLowerCase()
    return (connections.data ?? [])
      .filter(({ status }) => !search.status || status === search.status)
      .filter(({ provider }) => !search.provider || provider === search.provider)
      .filter(({ name, account, baseUrl }) =>
        `${name} ${account?.login ?? ''} ${baseUrl}`.toLowerCase().includes(wanted),
      )
      .sort(orders[textOf(search.sort) || 'attention'] ?? byName)
  })
  const drawn = createGradual(shown, () => [search.q, search.status, search.provider, search.sort].join('\n'))
  const isNew = createNewcomers(() => connections.data)
  const who = () => organization.data?.name ?? 'the organization'

  return (
    <>
      <PageHead
        title="Git Connections"
        actions={
          <Button look="primary" data-new onPointerEnter={AddDialog.preload} onClick={() => setAdding('github')}>
            <Plus size={16} aria-hidden="true" /> Add Git Connection
          </Button>
        }
      >
        <span classList={{ invisible: organization.isPending }}>
          Everyone in {who()} can use these for deployments.
        </span>
      </PageHead>
      <Show when={!connections.data || connections.data.length > 0}>
        <Filters shown={connections.data ? { some: shown().length, all: connections.data.length } : null} />
      </Show>
      <Switch>
        <Match when={connections.error && !connections.data}>
          <Trouble error={connections.error} onRetry={connections.refetch} />
        </Match>
        <Match when={connections.isPending}>
          <div role="status" aria-label="Loading connections" class="space-y-3">
            <For each={[1, 2, 3, 4, 5]}>{() => <div class="skeleton h-[138px]" />}</For>
          </div>
        </Match>
        <Match when={connections.data?.length === 0}>
          <NoConnection onAdd={setAdding} />
        </Match>
        <Match when={shown().length === 0}>
          <p>No connection fits these filters.</p>
        </Match>
        <Match when={true}>
          <div class="space-y-3">
            <Keyed each={drawn()} by={({ id }) => id}>
              {(connection) => <ConnectionCard connection={connection()} new={isNew(connection().id)} />}
            </Keyed>
          </div>
        </Match>
      </Switch>
      <DeletedList />
      <Show when={adding()}>
        {(provider) => <AddDialog organization={who()} provider={provider()} onClose={() => setAdding(null)} />}
      </Show>
    </>
  )
}

/** Tells those that came while the page was open from those that were there when it was opened. */
function createNewcomers(list: () => readonly ConnectionView[] | undefined): (id: string) => boolean {
  const known = new Set<string>()
  const [opened, setOpened] = createSignal(false)
  createEffect(() => {
    const all = list()
    if (!all) return
    for (const { id } of all) known.add(id)
    setOpened(true)
  })
  return (id) => opened() && !known.has(id)
}
