import { A } from '@solidjs/router'
import { createMemo, For, Show } from 'solid-js'
import type { ProjectView, UsedRepository } from '../api.ts'
import { createGlow } from '../ui/glow.ts'
import { Time } from '../ui/time.tsx'
import { ConnectionName } from './connection-name.tsx'
import { FullName } from './full-name.tsx'
import { stateWord } from './used.ts'

/** All that a project uses, the main repository first. */
const allOf = ({ repository, addons }: ProjectView) => [repository, ...addons]

/** Whether it can't be deployed as it is. */
export function isInTrouble(project: ProjectView): boolean {
  return allOf(project).some((used) => used.accessLost !== null || stateWord(used.connection) !== null)
}

function addonsWord(count: number): string {
  if (count === 0) return 'no addon repositories'
  return count === 1 ? '1 addon repository' : `${count} addon repositories`
}

/** One project in the list: what it takes from where, and what of that does not work. */
export function ProjectCard(props: { project: ProjectView }) {
  const repository = () => props.project.repository
  /** One for each connection, however many repositories come through it. */
  const through = createMemo(() => [
    ...new Map(allOf(props.project).map((used) => [used.connectionId, used] as const)).values(),
  ])
  const lost = () => allOf(props.project).filter(({ accessLost }) => accessLost !== null)
  const glows = createGlow({ what: () => JSON.stringify(props.project), changing: () => false, new: false })
  return (
    <article
      class="card listed-card flex flex-col gap-1 p-3 sm:p-4"
      classList={{ glow: glows() }}
      aria-label={props.project.name}
    >
      <div class="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 class="min-w-0 text-lg font-semibold">
          <A href={`/projects/${props.project.id}`} class="hover:underline">
            {props.project.name}
          </A>
        </h2>
        <span class="text-sm text-quiet">
          created by {props.project.createdBy.name}, <Time at={props.project.createdAt} as="day" />
        </span>
      </div>
      <p>
        <FullName of={repository().fullName} /> <span class="text-quiet">on branch</span>{' '}
        <span class="font-mono text-sm">{repository().branch}</span>
        <span class="text-quiet"> · {addonsWord(props.project.addons.length)}</span>
      </p>
      <p class="flex flex-wrap gap-x-3 gap-y-1 text-quiet">
        <span>through</span>
        <For each={through()}>{(used) => <ConnectionName of={used} />}</For>
      </p>
      <For each={lost()}>
        {(used: UsedRepository) => (
          <Show when={used.accessLost}>
            {(access) => (
              <p class="text-late">
                lost access to {used.fullName} since <Time at={access().since} as="dayAndClock" />
              </p>
            )}
          </Show>
        )}
      </For>
    </article>
  )
}
