import { A } from '@solidjs/router'
import GitBranch from 'lucide-solid/icons/git-branch'
import { For, Show } from 'solid-js'
import type { DeploymentView } from '../api.ts'
import { FullName } from '../projects/full-name.tsx'
import { CopyChip } from '../ui/copy.tsx'
import { Time } from '../ui/time.tsx'

/** The repositories as a deployment took them: at which commit, through which connection, by which of its credentials. */
export function TakenRepositories(props: { deployment: DeploymentView }) {
  return (
    <Show
      when={props.deployment.commits.length > 0}
      fallback={<p class="text-quiet">None was taken{props.deployment.endedAt ? '.' : ' until now.'}</p>}
    >
      <ul class="flex flex-col gap-2">
        <For each={props.deployment.commits}>
          {(taken) => (
            <li class="card flex flex-col gap-1 p-3">
              <div class="flex flex-wrap items-center gap-x-4 gap-y-1">
                <span class="min-w-0">
                  <FullName of={taken.fullName} />
                </span>
                <span class="inline-flex min-w-0 items-center gap-1.5 font-mono text-sm text-quiet">
                  <GitBranch size={14} class="shrink-0" aria-hidden="true" />
                  <span class="sr-only">branch</span>
                  <span class="min-w-0">{taken.branch}</span>
                </span>
              </div>
              <p>{taken.subject}</p>
              <div class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-quiet">
                <span class="max-w-full min-w-0">
                  <CopyChip text={taken.commit} label={`the commit of ${taken.fullName}`} />
                </span>
                <span>
                  {taken.author}, <Time at={taken.committedAt} as="dayAndClock" />
                </span>
                <span>
                  through{' '}
                  <A class="link" href={`/settings/git-connections/${taken.connectionId}`}>
                    {taken.connectionName}
                  </A>
                  , credential version {taken.credentialVersion}
                </span>
              </div>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
