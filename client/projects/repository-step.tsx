import { createEffect, createMemo, createSignal, Match, Show, Switch } from 'solid-js'
import { api, ask, type ConnectionView, type Repository, type RepositoryList } from '../api.ts'
import { createLate } from '../ui/late.ts'
import { SearchList } from '../ui/search-list.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { usePages } from '../use-pages.ts'
import { Diagnose } from './diagnose.tsx'
import { ListState } from './list-state.tsx'
import { NoRepository } from './no-repository.tsx'
import { RepositoryRow } from './repository-row.tsx'

const PAGE = 100
const WHILE_READ_MS = 1_000
const OTHERWISE_MS = 10_000

/** Choosing one of the repositories that a connection reaches, the most recently active first. */
export function RepositoryStep(props: {
  connection: ConnectionView
  chosen: string | undefined
  /** Whether the project uses it already. */
  isTaken: (repository: Repository) => boolean
  onChoose: (repository: Repository) => void
}) {
  const connectionId = () => props.connection.id
  const [search, setSearch] = createSignal('')
  const asked = createLate(() => search().trim().replace(/\s+/g, ' '))
  const list = usePages<RepositoryList>(() => {
    const input = { connectionId: connectionId(), search: asked() }
    return {
      queryKey: ['repositories.list', input],
      page: (cursor, options) => api.repositories.list.query({ ...input, cursor, limit: PAGE }, options),
    }
  })
  const found = createMemo(() => list.pages()?.flatMap(({ repositories }) => repositories))
  const state = useAnswer(() => ({
    ...ask('repositories.list', api.repositories.list, { connectionId: connectionId(), limit: 1 }),
    refetchInterval: ({ state: { data } }: { state: { data?: RepositoryList | undefined } }) =>
      data?.reading || !data?.asOf ? WHILE_READ_MS : OTHERWISE_MS,
  }))
  // A list that is read for the first time grows; one that was read again is shown anew, whole.
  createEffect(() => {
    const [shown, known] = [list.pages()?.[0], state.data]
    if (!shown || !known) return
    const grew = (known.reading?.pages ?? 0) > (shown.reading?.pages ?? 0) && !shown.nextCursor
    if (grew || (known.asOf ?? '') > (shown.asOf ?? '')) list.refetch()
  })
  return (
    <>
      <Trouble error={list.error} onRetry={list.refetch} />
      <Show when={found() || !list.error}>
        <SearchList
          label="Repositories"
          search={search()}
          onSearch={setSearch}
          items={found()}
          by={({ id }) => id}
          chosen={props.chosen}
          isClosed={props.isTaken}
          onChoose={props.onChoose}
          row={(repository) => <RepositoryRow repository={repository} taken={props.isTaken(repository)} />}
          hasMore={list.hasMore}
          onMore={list.loadMore}
          stale={list.isOfBefore || search().trim().replace(/\s+/g, ' ') !== asked()}
          empty={
            <Switch fallback={<div role="status" aria-label="Loading repositories" class="skeleton h-full" />}>
              <Match when={found() && list.hasMore}>
                <p role="status">Searching on ...</p>
              </Match>
              <Match when={found() && asked()}>
                <p>
                  Nothing that {props.connection.name} reaches has “{asked()}” in its name
                  {state.data?.asOf ? '' : ', as far as it was read'}.
                </p>
              </Match>
              <Match when={found() && state.data}>
                {(known) => <NoRepository connection={props.connection} known={known()} />}
              </Match>
            </Switch>
          }
        />
      </Show>
      <ListState connection={props.connection} known={state.data} error={state.error} />
      <Diagnose connectionId={connectionId()} onChoose={props.onChoose} isTaken={props.isTaken} />
    </>
  )
}
