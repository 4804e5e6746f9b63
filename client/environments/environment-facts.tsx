import GitBranch from 'lucide-solid/icons/git-branch'
import { Show } from 'solid-js'
import type { EnvironmentView, ProjectView } from '../api.ts'
import { deploymentKindWord } from '../deployments/words.ts'
import { commitUrlOf } from '../projects/used.ts'
import { Time } from '../ui/time.tsx'
import { kindName } from './kinds.ts'

const endWord = { succeeded: 'succeeded', failed: 'failed', cancelled: 'was cancelled' } as const

/** What an environment is: its kind, its branch with the commit that was deployed last, its Odoo version. */
export function EnvironmentFacts(props: { environment: EnvironmentView; project: ProjectView | undefined }) {
  const main = () => props.project?.repository
  const branch = () => props.environment.branch ?? main()?.branch
  const commit = () => {
    const commits = props.environment.lastGood?.commits.filter(
      ({ repositoryId }) => repositoryId === main()?.repositoryId,
    )
    // Since then it may have been moved to another connection.
    return (commits?.find(({ connectionId }) => connectionId === main()?.connectionId) ?? commits?.[0])?.commit
  }
  return (
    <p class="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-quiet">
      <span class="text-ink">{kindName(props.environment.kind)}</span>
      <Show when={branch()}>
        {(name) => (
          <span class="inline-flex min-w-0 items-center gap-1.5 font-mono text-sm">
            <GitBranch size={14} class="shrink-0" aria-hidden="true" />
            <span class="sr-only">branch</span>
            <span class="min-w-0">{name()}</span>
          </span>
        )}
      </Show>
      <Show when={commit()}>
        {(id) => (
          <Show when={main()}>
            {(used) => (
              <a
                class="link font-mono text-sm"
                target="_blank"
                rel="noreferrer"
                title={id()}
                href={commitUrlOf(used(), id())}
              >
                <span class="sr-only">last good commit </span>
                {id().slice(0, 8)}
              </a>
            )}
          </Show>
        )}
      </Show>
      <span>Odoo {props.environment.odooVersion}</span>
    </p>
  )
}

/** The deployment that is under way, or the last one: what it was, by whom and when. */
export function LastDeployment(props: { environment: EnvironmentView }) {
  const running = () => props.environment.running
  return (
    <Show
      when={running()}
      fallback={
        <Show when={props.environment.last}>
          {(last) => (
            <>
              {deploymentKindWord(last().kind)} {last().number} {endWord[last().status]} <Time at={last().at} />, by{' '}
              {last().by.name}
            </>
          )}
        </Show>
      }
    >
      {(open) => (
        <>
          {deploymentKindWord(open().kind)} {open().number} was asked for <Time at={open().at} />, by {open().by.name}
        </>
      )}
    </Show>
  )
}
