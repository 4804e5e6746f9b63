import { useSearchParams } from '@solidjs/router'
import { useInfiniteQuery, useQuery } from '@tanstack/solid-query'
import { createMemo, For, Show } from 'solid-js'
import { type AuditEntry, api, ask } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Select } from '../ui/select.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { AsOf } from './as-of.tsx'
import { EntryLine } from './entry-line.tsx'

const dayWords = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' })
const text = (value: string | string[] | undefined) => (typeof value === 'string' ? value : '')
const instant = (value: string) => (Number.isNaN(Date.parse(value)) ? undefined : new Date(value).toISOString())

function byDay(entries: readonly AuditEntry[]): { day: string; entries: AuditEntry[] }[] {
  const days: { day: string; entries: AuditEntry[] }[] = []
  for (const entry of entries) {
    const day = dayWords.format(new Date(entry.recordedAt))
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}

/** Everything that happened in the organization, newest first; the filters are in the URL. */
export default function AuditPage() {
  const [search, setSearch] = useSearchParams()
  const facets = useQuery(() => ask('audit.facets', api.audit.facets, undefined))
  const filters = () => ({
    ...(text(search.creator) ? { creatorId: text(search.creator) } : {}),
    ...(text(search.actor) ? { actorId: text(search.actor) } : {}),
    ...(text(search.connection) ? { connectionId: text(search.connection) } : {}),
    ...(text(search.kind) ? { types: [text(search.kind)] } : {}),
    ...(instant(text(search.from)) ? { from: instant(text(search.from)) } : {}),
    ...(instant(text(search.to)) ? { to: instant(text(search.to)) } : {}),
  })
  const log = useInfiniteQuery(() => ({
    queryKey: ['audit.list', filters()] as const,
    queryFn: ({ pageParam, signal }) =>
      api.audit.list.query({ ...filters(), cursor: pageParam, limit: 50 }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
  }))
  const days = createMemo(() => byDay(log.data?.pages.flatMap(({ entries }) => entries) ?? []))
  const named = (list: readonly { id: string; name: string }[] | undefined) => [
    ['', 'all'] as const,
    ...(list ?? []).map(({ id, name }) => [id, name] as const),
  ]
  const Instant = (props: { name: 'from' | 'to' | 'asOf'; label: string }) => (
    <label class="control inline-flex items-center gap-1 text-sm">
      <span class="text-quiet">{props.label}:</span>
      <input
        type="datetime-local"
        class="min-w-0 bg-raised"
        value={text(search[props.name])}
        onChange={(event) => setSearch({ [props.name]: event.currentTarget.value || null })}
      />
    </label>
  )
  return (
    <>
      <PageHead title="Audit">Who did what, and when. Nothing here can be changed.</PageHead>
      <div class="mb-4 flex flex-wrap gap-2">
        <Select
          label="Creator"
          value={text(search.creator)}
          options={named(facets.data?.creators)}
          onChange={(id) => setSearch({ creator: id || null })}
        />
        <Select
          label="Actor"
          value={text(search.actor)}
          options={named(facets.data?.actors)}
          onChange={(id) => setSearch({ actor: id || null })}
        />
        <Select
          label="Connection"
          value={text(search.connection)}
          options={named(facets.data?.connections)}
          onChange={(id) => setSearch({ connection: id || null })}
        />
        <Select
          label="Kind"
          value={text(search.kind)}
          options={[['', 'all'], ...(facets.data?.types ?? []).map((type) => [type, type] as const)]}
          onChange={(kind) => setSearch({ kind: kind || null })}
        />
        <Instant name="from" label="From" />
        <Instant name="to" label="To" />
        <Instant name="asOf" label="As of" />
      </div>
      <Show when={instant(text(search.asOf))}>{(at) => <AsOf at={at()} />}</Show>
      <Trouble error={log.error ?? facets.error} onRetry={() => void log.refetch()} />
      <Show when={!log.isPending} fallback={<div class="skeleton h-64" />}>
        <For each={days()} fallback={<p>Nothing was recorded that fits these filters.</p>}>
          {({ day, entries }) => (
            <section class="mb-4">
              <h2 class="border-b border-line pb-1 font-semibold">{day}</h2>
              <For each={entries}>{(entry) => <EntryLine entry={entry} />}</For>
            </section>
          )}
        </For>
      </Show>
      <Show when={log.hasNextPage}>
        <Button working={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Load more
        </Button>
      </Show>
    </>
  )
}
