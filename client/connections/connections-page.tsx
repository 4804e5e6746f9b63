import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import Plus from 'lucide-solid/icons/plus'
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import { api, ask, type ConnectionView, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Select } from '../ui/select.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { AddDialog } from './add-dialog.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { DeletedList } from './deleted-list.tsx'
import { statusLooks } from './status.tsx'
import { providerWords } from './words.ts'

const urgency = Object.keys(statusLooks)
const byName = (a: ConnectionView, b: ConnectionView) => a.name.localeCompare(b.name)
const orders: Record<string, (a: ConnectionView, b: ConnectionView) => number> = {
  attention: (a, b) =>
    Number(b.enabled) - Number(a.enabled) || urgency.indexOf(a.status) - urgency.indexOf(b.status) || byName(a, b),
  name: byName,
  newest: (a, b) => b.createdAt.localeCompare(a.createdAt),
}
const text = (value: string | string[] | undefined) => (typeof value === 'string' ? value : '')

/** All connections of the organization, the broken ones first. */
export default function ConnectionsPage() {
  const [search, setSearch] = useSearchParams()
  const [adding, setAdding] = createSignal<Provider | null>(null)
  const connections = useQuery(() => ask('connections.list', api.connections.list, undefined))
  const organization = useQuery(() => ask('organization.get', api.organization.get, undefined))
  const shown = createMemo(() => {
    const wanted = text(search.q).toLowerCase()
    return (connections.data ?? [])
      .filter(({ status }) => !search.status || status === search.status)
      .filter(({ provider }) => !search.provider || provider === search.provider)
      .filter(({ name, account, baseUrl }) =>
        `${name} ${account?.login ?? ''} ${baseUrl}`.toLowerCase().includes(wanted),
      )
      .map(({ id }) => id)
      .sort((a, b) => {
        const [left, right] = [find(a), find(b)]
        return left && right ? (orders[text(search.sort) || 'attention'] ?? byName)(left, right) : 0
      })
  })
  const find = (id: string) => connections.data?.find((connection) => connection.id === id)
  const who = () => organization.data?.name ?? 'the organization'

  return (
    <>
      <PageHead
        title="Git Connections"
        actions={
          <Button look="primary" data-new onClick={() => setAdding('github')}>
            <Plus size={16} aria-hidden="true" /> Add Git Connection
          </Button>
        }
      >
        Everyone in {who()} can use these for deployments.
      </PageHead>
      <Show when={connections.data?.length}>
        <div class="mb-4 flex flex-wrap gap-2">
          <input
            data-search
            type="search"
            aria-label="Search connections"
            placeholder="Search /"
            class="control w-full sm:w-56"
            value={text(search.q)}
            onInput={(event) => setSearch({ q: event.currentTarget.value || null }, { replace: true })}
          />
          <Select
            label="Status"
            value={text(search.status)}
            options={[['', 'all'], ...Object.entries(statusLooks).map(([id, { word }]) => [id, word] as const)]}
            onChange={(status) => setSearch({ status: status || null })}
          />
          <Select
            label="Provider"
            value={text(search.provider)}
            options={[['', 'all'], ...Object.entries(providerWords)]}
            onChange={(provider) => setSearch({ provider: provider || null })}
          />
          <Select
            label="Sort"
            value={text(search.sort) || 'attention'}
            options={[
              ['attention', 'needs attention'],
              ['name', 'name'],
              ['newest', 'newest'],
            ]}
            onChange={(sort) => setSearch({ sort: sort === 'attention' ? null : sort })}
          />
        </div>
      </Show>
      <Switch>
        <Match when={connections.error && !connections.data}>
          <Trouble error={connections.error} onRetry={() => void connections.refetch()} />
        </Match>
        <Match when={connections.isPending}>
          <div role="status" aria-label="Loading connections" class="space-y-3">
            <div class="skeleton h-44" />
            <div class="skeleton h-44" />
          </div>
        </Match>
        <Match when={connections.data?.length === 0}>
          <section class="card flex flex-col items-start gap-4 p-6">
            <h2 class="text-lg font-semibold">No connection yet</h2>
            <p class="max-w-prose">
              A connection links a GitHub or GitLab account of yours once. From then on Odoo projects deploy straight
              from its private repositories. It is checked all the time, and this page says when something needs doing.
            </p>
            <div class="flex flex-wrap gap-2">
              <Button class="px-6" onClick={() => setAdding('github')}>
                GitHub
              </Button>
              <Button class="px-6" onClick={() => setAdding('gitlab')}>
                GitLab
              </Button>
            </div>
          </section>
        </Match>
        <Match when={shown().length === 0}>
          <p>No connection fits these filters.</p>
        </Match>
        <Match when={true}>
          <div class="space-y-3">
            <For each={shown()}>
              {(id) => <Show when={find(id)}>{(connection) => <ConnectionCard connection={connection()} />}</Show>}
            </For>
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
