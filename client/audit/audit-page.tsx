import { useSearchParams } from '@solidjs/router'
import X from 'lucide-solid/icons/x'
import { createMemo, Show } from 'solid-js'
import { type AuditEntry, api, ask } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { byDay } from '../ui/by-day.ts'
import { Keyed } from '../ui/keyed.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { textOf } from '../ui/text-of.ts'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { AsOf } from './as-of.tsx'
import { AuditFilters, filtersOf, instant } from './audit-filters.tsx'
import { EntryDetail } from './entry-detail.tsx'
import { ListedEntry } from './entry-line.tsx'
import { useEntries } from './use-entries.ts'

/** Everything that happened in the organization, newest first; the filters and the open entry are in the URL. */
export default function AuditPage() {
  const [search, setSearch] = useSearchParams()
  const facets = useAnswer(() => ask('audit.facets', api.audit.facets, undefined))
  const log = useEntries(() => {
    const filters = filtersOf(search)
    return {
      queryKey: ['audit.list', filters],
      page: (cursor, options) => api.audit.list.query({ ...filters, cursor, limit: 50 }, options),
    }
  })
  const entries = () => log.entries() ?? []
  const days = createMemo(() => byDay(entries(), ({ recordedAt }) => recordedAt))
  const isOpen = ({ position }: AuditEntry) => String(position) === textOf(search.entry)
  const opened = createMemo(() => entries().find(isOpen))
  const open = (position: number | null) => setSearch({ entry: position }, { replace: true, scroll: false })
  return (
    <>
      <PageHead title="Audit">Who did what, and when. Nothing here can be changed.</PageHead>
      <AuditFilters facets={facets.data} />
      <Show when={instant(textOf(search.asOf))}>{(at) => <AsOf at={at()} />}</Show>
      <Trouble error={log.list.error ?? facets.error} onRetry={log.list.refetch} />
      <div class="items-start gap-6 min-[1200px]:flex">
        <div class="min-w-0 flex-1" classList={{ 'opacity-60': log.list.isOfBefore }} aria-busy={log.list.isOfBefore}>
          <Show
            when={log.entries()}
            fallback={
              <Show when={!log.list.error}>
                <div role="status" aria-label="Loading the audit" class="skeleton h-screen" />
              </Show>
            }
          >
            <Keyed each={days()} by={({ day }) => day} fallback={<p>Nothing was recorded that fits these filters.</p>}>
              {(group) => (
                <section class="mb-5">
                  <h2 class="border-b border-line px-2 pb-1 font-semibold">{group().day}</h2>
                  <Keyed each={group().items} by={({ eventId }) => eventId}>
                    {(entry) => (
                      <ListedEntry
                        entry={entry()}
                        open={isOpen(entry())}
                        onTurn={(on) => (on ? open(entry().position) : isOpen(entry()) && open(null))}
                      />
                    )}
                  </Keyed>
                </section>
              )}
            </Keyed>
          </Show>
          <Show when={log.list.hasMore}>
            <Button working={log.list.isLoadingMore} onClick={log.list.loadMore}>
              Load more
            </Button>
          </Show>
        </div>
        <Show when={opened()}>
          {(entry) => (
            <aside
              aria-label="The open entry"
              class="card sticky top-6 hidden max-h-[calc(100dvh-3rem)] w-[360px] shrink-0 overflow-y-auto p-4 min-[1200px]:block"
            >
              <div class="mb-3 flex items-start justify-between gap-3">
                <h2 class="min-w-0 font-semibold">{entry().summary}</h2>
                <button
                  type="button"
                  class="-m-2 inline-flex size-10 shrink-0 items-center justify-center rounded-md hover:bg-sunken"
                  aria-label="Close the entry"
                  onClick={() => open(null)}
                >
                  <X size={16} aria-hidden="true" />
                </button>
              </div>
              <EntryDetail entry={entry()} />
            </aside>
          )}
        </Show>
      </div>
    </>
  )
}
