import { useMutation } from '@tanstack/solid-query'
import RefreshCw from 'lucide-solid/icons/refresh-cw'
import { Show } from 'solid-js'
import { api, type ConnectionView, forget, type RepositoryList } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'

const many = (count: number, one: string, more: string) => `${count.toLocaleString('en')} ${count === 1 ? one : more}`

/** How true the list of a connection's repositories is: how many, as of when, how far it is being read, what is wrong. */
export function ListState(props: {
  connection: ConnectionView
  known: RepositoryList | undefined
  error: Error | null
}) {
  const refresh = useMutation(() => ({
    mutationFn: () => api.repositories.refresh.mutate({ connectionId: props.connection.id }),
    onSuccess: () => forget('repositories'),
  }))
  return (
    <div class="flex flex-col gap-1 text-sm text-quiet">
      <div class="flex min-h-10 flex-wrap items-center gap-x-1">
        <Show when={props.known} fallback={<span>Looking up what is known ...</span>}>
          {(known) => (
            <span role="status" class="tabular flex flex-wrap items-center gap-x-2">
              <Show when={known().asOf}>
                {(at) => (
                  <span>
                    {many(known().total, 'repository', 'repositories')}, as of <Time at={at()} />.
                  </span>
                )}
              </Show>
              <Show when={known().reading} fallback={known().asOf ? null : 'Not read yet.'}>
                {(reading) => <Progress {...reading()} />}
              </Show>
            </span>
          )}
        </Show>
        <Button
          small
          look="bare"
          working={refresh.isPending || Boolean(props.known?.reading)}
          onClick={() => refresh.mutate()}
        >
          <RefreshCw size={14} aria-hidden="true" /> Refresh
        </Button>
      </div>
      <Show when={props.known?.incomplete}>{(why) => <p class="text-late">Not everything is here: {why()}</p>}</Show>
      <Show when={props.known?.trouble}>
        {(why) => (
          <p role="alert" class="text-bad">
            The last reading broke off: {why()}
          </p>
        )}
      </Show>
      <Trouble error={refresh.error ?? (props.known ? props.error : null)} />
    </div>
  )
}

function Progress(props: { pages: number; pagesInAll: number | null }) {
  const words = () =>
    props.pagesInAll === null
      ? `Reading ... ${many(props.pages, 'page', 'pages')} so far`
      : `Reading ... page ${props.pages.toLocaleString('en')} of ${props.pagesInAll.toLocaleString('en')}`
  return (
    <span class="inline-flex items-center gap-2">
      <progress
        class="h-1.5 w-24 accent-accent"
        aria-label="Reading the list"
        max={props.pagesInAll ?? undefined}
        value={props.pagesInAll === null ? undefined : props.pages}
      />
      {words()}
    </span>
  )
}
