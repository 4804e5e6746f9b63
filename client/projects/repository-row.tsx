import Archive from 'lucide-solid/icons/archive'
import GitFork from 'lucide-solid/icons/git-fork'
import Lock from 'lucide-solid/icons/lock'
import { Show } from 'solid-js'
import type { Repository } from '../api.ts'
import { Time } from '../ui/time.tsx'
import { FullName } from './full-name.tsx'

/** A repository in the list to choose from; two lines where the window is narrow. */
export function RepositoryRow(props: { repository: Repository; taken: boolean }) {
  return (
    <div class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,9rem)_9.5rem]">
      <span class="col-span-2 flex min-w-0 items-center gap-2 sm:col-span-1">
        <span class="truncate" title={props.repository.fullName}>
          <FullName of={props.repository.fullName} />
        </span>
        <Show when={props.repository.private}>
          <Lock role="img" aria-label="private" size={14} class="shrink-0 text-quiet" />
        </Show>
        <Show when={props.repository.fork}>
          <GitFork role="img" aria-label="a fork" size={14} class="shrink-0 text-quiet" />
        </Show>
        <Show when={props.repository.archived}>
          <span class="inline-flex shrink-0 items-center gap-1 text-sm text-late">
            <Archive size={14} aria-hidden="true" /> archived
          </span>
        </Show>
      </span>
      <span class="truncate font-mono text-sm text-quiet" title={props.repository.defaultBranch ?? undefined}>
        {props.repository.defaultBranch}
      </span>
      <span class="text-right text-sm whitespace-nowrap text-quiet">
        <Show when={!props.taken} fallback="in this project">
          <Show when={props.repository.pushedAt} fallback="never active">
            {(at) => (
              <>
                active <Time at={at()} />
              </>
            )}
          </Show>
        </Show>
      </span>
    </div>
  )
}
