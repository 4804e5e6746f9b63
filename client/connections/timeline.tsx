import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createMemo, createSignal, Show } from 'solid-js'
import { api } from '../api.ts'
import { EntryLine } from '../audit/entry-line.tsx'
import { useEntries } from '../audit/use-entries.ts'
import { Button } from '../ui/button.tsx'
import { Keyed } from '../ui/keyed.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { foldTimeline, type Line, runWords } from './fold-timeline.ts'

const PAGE = 200

function RunLine(props: { run: Line }) {
  const [open, setOpen] = createSignal(false)
  const who = () => [...new Set(props.run.entries.map(({ actor }) => actor.name))].join(', ')
  return (
    <details class="group border-b border-line" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="entry-row">
        <span class="text-quiet">
          <Time at={props.run.first.recordedAt} as="clockOrDay" /> to{' '}
          <Time at={props.run.last.recordedAt} as="clockOrDay" />
        </span>
        <span class="truncate text-quiet" title={who()}>
          {who()}
        </span>
        <span class="flex items-center gap-1 text-quiet">
          {runWords(props.run)}
          <ChevronRight size={14} class="shrink-0 group-open:rotate-90" aria-hidden="true" />
        </span>
      </summary>
      <Show when={open()}>
        <div class="mb-2 ml-2 border-l-2 border-line pl-2">
          <Keyed each={props.run.entries} by={({ eventId }) => eventId}>
            {(entry) => <EntryLine entry={entry()} />}
          </Keyed>
        </div>
      </Show>
    </details>
  )
}

/** The history of a connection, the newest first; runs of routine checks are one line each. */
export function Timeline(props: { connectionId: string }) {
  const history = useEntries(() => {
    const { connectionId } = props
    return {
      queryKey: ['connections.history', { connectionId }],
      page: (cursor, options) => api.connections.history.query({ connectionId, cursor, limit: PAGE }, options),
    }
  })
  const lines = createMemo(() => foldTimeline(history.entries() ?? []))
  return (
    <>
      <Trouble error={history.list.error} onRetry={history.list.refetch} />
      <Show
        when={history.entries()}
        fallback={
          <Show when={!history.list.error}>
            <div role="status" aria-label="Loading the timeline" class="skeleton h-48" />
          </Show>
        }
      >
        <div class="border-t border-line">
          {/* By its earliest entry: a run that a new check joins stays the line that it was. */}
          <Keyed each={lines()} by={({ first }) => first.eventId}>
            {(line) => (
              <Show when={line().entries.length > 1} fallback={<EntryLine entry={line().first} />}>
                <RunLine run={line()} />
              </Show>
            )}
          </Keyed>
        </div>
      </Show>
      <Show when={history.list.hasMore}>
        <Button class="mt-4" working={history.list.isLoadingMore} onClick={history.list.loadMore}>
          Load older
        </Button>
      </Show>
    </>
  )
}
