import { createMemo, createSignal, Match, Show, Switch } from 'solid-js'
import { api, type Branch } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { createLate } from '../ui/late.ts'
import { SearchList } from '../ui/search-list.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { usePages } from '../use-pages.ts'

const PAGE = 100

/** Choosing a branch: the default one first, then those with the most recent commit. */
export function BranchStep(props: {
  repository: { connectionId: string; id: string; fullName: string; defaultBranch: string | null }
  /** What is used so far; the default branch otherwise. */
  chosen: string | undefined
  onChoose: (branch: string) => void
}) {
  const [search, setSearch] = createSignal('')
  const asked = createLate(() => search().trim().replace(/\s+/g, ' '))
  const list = usePages<{ branches: Branch[]; nextCursor: string | null }>(() => {
    const { connectionId, id: repositoryId } = props.repository
    const input = { connectionId, repositoryId, search: asked() }
    return {
      queryKey: ['repositories.branches', input],
      page: (cursor, options) => api.repositories.branches.query({ ...input, cursor, limit: PAGE }, options),
    }
  })
  const found = createMemo(() => list.pages()?.flatMap(({ branches }) => branches))
  const proposed = () => props.chosen ?? props.repository.defaultBranch ?? undefined
  return (
    <>
      <Trouble error={list.error} onRetry={list.refetch} />
      <Show when={found() || !list.error}>
        <SearchList
          label="Branches"
          search={search()}
          onSearch={setSearch}
          items={found()}
          by={({ name }) => name}
          chosen={proposed()}
          onChoose={({ name }) => props.onChoose(name)}
          row={(branch) => <BranchRow branch={branch} />}
          hasMore={list.hasMore}
          onMore={list.loadMore}
          stale={list.isOfBefore || search().trim().replace(/\s+/g, ' ') !== asked()}
          empty={
            <Switch fallback={<div role="status" aria-label="Asking for the branches" class="skeleton h-full" />}>
              <Match when={found() && asked()}>
                <p>No branch has “{asked()}” in its name.</p>
              </Match>
              <Match when={found()}>
                <p>{props.repository.fullName} has no branch yet. Push a first commit, then choose it.</p>
              </Match>
            </Switch>
          }
        />
      </Show>
      <Show when={found()?.length !== 0 && proposed()}>
        {(branch) => (
          <div class="mt-3 flex justify-end">
            <Button look="primary" class="max-w-full" onClick={() => props.onChoose(branch())}>
              <span class="truncate">Use {branch()}</span>
            </Button>
          </div>
        )}
      </Show>
    </>
  )
}

function BranchRow(props: { branch: Branch }) {
  return (
    <div class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 sm:grid-cols-[minmax(0,1fr)_5rem_9.5rem]">
      <span class="col-span-2 flex min-w-0 items-center gap-2 sm:col-span-1">
        <span class="truncate font-medium" title={props.branch.name}>
          {props.branch.name}
        </span>
        <Show when={props.branch.default}>
          <span class="shrink-0 rounded-md border border-line px-1.5 text-sm text-quiet">default</span>
        </Show>
      </span>
      <span class="font-mono text-sm text-quiet">{props.branch.commit.slice(0, 8)}</span>
      <span class="text-right text-sm whitespace-nowrap text-quiet">
        <Show when={props.branch.committedAt}>{(at) => <Time at={at()} />}</Show>
      </span>
    </div>
  )
}
