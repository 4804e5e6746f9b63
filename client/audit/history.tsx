import { Show } from 'solid-js'
import { api } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Keyed } from '../ui/keyed.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { EntryLine } from './entry-line.tsx'
import { useEntries } from './use-entries.ts'

const PAGE = 50

/** What happened to a project or to an environment, the newest first. */
export function History(props: { of: { projectId: string } | { environmentId: string } }) {
  const history = useEntries(() => {
    const input = { ...props.of, limit: PAGE }
    return {
      queryKey: ['audit.list', input],
      page: (cursor, options) => api.audit.list.query({ ...input, cursor }, options),
    }
  })
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
        {(entries) => (
          <div class="border-t border-line">
            <Keyed each={entries()} by={({ eventId }) => eventId}>
              {(entry) => <EntryLine entry={entry()} />}
            </Keyed>
          </div>
        )}
      </Show>
      <Show when={history.list.hasMore}>
        <Button class="mt-4" working={history.list.isLoadingMore} onClick={history.list.loadMore}>
          Load older
        </Button>
      </Show>
    </>
  )
}
