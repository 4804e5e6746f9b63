import GitBranch from 'lucide-solid/icons/git-branch'
import { type JSX, Show } from 'solid-js'
import { objection, type UsedRepository } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { ConnectionName } from './connection-name.tsx'
import { FullName } from './full-name.tsx'

/** What the server said against a repository at a place of the form. */
export function objectionTo(error: unknown, place: string): string | null {
  const fields = ['connectionId', 'repositoryId', 'branch']
  return fields.map((field) => objection(error, `${place}.${field}`)).find((words) => words !== null) ?? null
}

/** A repository that was chosen in a form, and the ways to choose another branch or another repository. */
export function ChosenRepository(props: {
  used: UsedRepository
  /** What it is in the project, as "main repository". */
  part: string
  error: string | null
  /** More that can be done with it. */
  children?: JSX.Element
  onChange: (step: 'repository' | 'branch') => void
}) {
  return (
    <div class="flex min-w-0 flex-1 flex-col gap-1">
      <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <div class="min-w-0 flex-1 basis-44">
          <div>
            <FullName of={props.used.fullName} />
          </div>
          <div class="flex text-sm text-quiet">
            <ConnectionName of={props.used} plain />
          </div>
        </div>
        <div class="flex min-w-0 flex-wrap items-center gap-1.5">
          <Button
            small
            class="min-w-0"
            aria-label={`Branch ${props.used.branch} of ${props.used.fullName}, change`}
            onClick={() => props.onChange('branch')}
          >
            <GitBranch size={14} class="shrink-0" aria-hidden="true" />
            <span class="truncate font-mono">{props.used.branch}</span>
          </Button>
          <Button
            small
            aria-label={`Change the ${props.part} ${props.used.fullName}`}
            onClick={() => props.onChange('repository')}
          >
            Change
          </Button>
          {props.children}
        </div>
      </div>
      <Show when={props.used.accessLost}>
        {(lost) => <p class="text-sm text-late">Access is lost. {lost().message}</p>}
      </Show>
      <div role="alert" class="text-sm text-bad empty:hidden">
        {props.error}
      </div>
    </div>
  )
}
