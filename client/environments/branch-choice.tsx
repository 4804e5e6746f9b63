import GitBranch from 'lucide-solid/icons/git-branch'
import { createSignal, Show } from 'solid-js'
import type { UsedRepository } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { BranchDialog } from './dialogs.ts'

/** The branch of an environment: the project's own, whatever that will be, or another one of the same repository. */
export function BranchChoice(props: {
  repository: UsedRepository
  /** Null for the project's own. */
  branch: string | null
  error: string | null
  onChange: (branch: string | null) => void
}) {
  const [choosing, setChoosing] = createSignal(false)
  return (
    <fieldset class="flex flex-col gap-1">
      <legend class="mb-1 font-medium">Branch</legend>
      <div class="flex flex-wrap items-center gap-2">
        <Button
          class="min-w-0"
          aria-label={`Branch ${props.branch ?? props.repository.branch} of ${props.repository.fullName}, change`}
          onPointerEnter={BranchDialog.preload}
          onClick={() => setChoosing(true)}
        >
          <GitBranch size={14} class="shrink-0" aria-hidden="true" />
          <span class="truncate font-mono text-sm">{props.branch ?? props.repository.branch}</span>
        </Button>
        <Show when={props.branch !== null}>
          <Button look="bare" onClick={() => props.onChange(null)}>
            Follow the project
          </Button>
        </Show>
      </div>
      <p class="text-sm text-quiet">
        {props.branch === null
          ? `The project's branch of ${props.repository.fullName}; where that is changed, this follows.`
          : `Of ${props.repository.fullName}, for this environment alone. The project is on ${props.repository.branch}.`}
      </p>
      <div role="alert" class="text-sm text-bad empty:hidden">
        {props.error}
      </div>
      <Show when={choosing()}>
        <BranchDialog
          repository={props.repository}
          chosen={props.branch ?? props.repository.branch}
          onChoose={(branch) => {
            setChoosing(false)
            props.onChange(branch)
          }}
          onClose={() => setChoosing(false)}
        />
      </Show>
    </fieldset>
  )
}
