import { A } from '@solidjs/router'
import { For, Match, Show, Switch } from 'solid-js'
import { api, ask, type DeploymentChanges } from '../api.ts'
import { FullName } from '../projects/full-name.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'

type Repository = DeploymentChanges['repositories'][number]
const short = (commit: string) => commit.slice(0, 8)

/** What is other in a deployment than in the last good one before it: commits, connections, modules. */
export function Changes(props: {
  deploymentId: string
  /** Whether it has a plan: before that, nothing is known of its modules. */
  planned: boolean
}) {
  const changes = useAnswer(() =>
    ask('deployments.changes', api.deployments.changes, { deploymentId: props.deploymentId }),
  )
  return (
    <>
      <Trouble error={changes.data ? null : changes.error} onRetry={changes.refetch} />
      <Show when={changes.isPending}>
        <div role="status" aria-label="Loading what changed" class="skeleton h-24" />
      </Show>
      <Show when={changes.data}>
        {(found) => (
          <Show when={found().since} fallback={<p class="text-quiet">No deployment succeeded here before this one.</p>}>
            {(since) => (
              <div class="flex flex-col gap-4">
                <p class="text-quiet">
                  Since{' '}
                  <A class="link" href={`/deployments/${since().id}`}>
                    deployment {since().number}
                  </A>
                  , <Time at={since().endedAt} as="dayAndClock" />.
                </p>
                <For each={found().repositories}>{(repository) => <Commits of={repository} />}</For>
                <Show when={props.planned}>
                  <Modules of={found().modules} />
                </Show>
                <Show when={found().connections.length > 0}>
                  <ul class="flex flex-col gap-1">
                    <For each={found().connections}>
                      {({ at, actor, connection, what }) => (
                        <li>
                          <span class="text-quiet">
                            <Time at={at} as="dayAndClock" />
                          </span>{' '}
                          <span class="font-medium">{connection}</span>: {actor} {what}
                        </li>
                      )}
                    </For>
                  </ul>
                </Show>
              </div>
            )}
          </Show>
        )}
      </Show>
    </>
  )
}

function Commits(props: { of: Repository }) {
  const range = () => (props.of.from ? `${short(props.of.from)} to ${short(props.of.to)}` : short(props.of.to))
  return (
    <div>
      <p>
        <FullName of={props.of.fullName} />{' '}
        <span class="font-mono text-sm text-quiet">
          <Switch fallback={range()}>
            <Match when={props.of.from === props.of.to}>{short(props.of.to)}, as it was</Match>
            <Match when={props.of.from === null}>{short(props.of.to)}, new here</Match>
          </Switch>
        </span>
      </p>
      <ul class="flex flex-col">
        <For each={props.of.commits}>
          {({ commit, subject, author, committedAt }) => (
            <li class="flex flex-wrap gap-x-3 border-b border-line py-1">
              <span class="font-mono text-sm text-quiet" title={commit}>
                {short(commit)}
              </span>
              <span class="min-w-0 flex-1 basis-48">{subject}</span>
              <span class="text-sm text-quiet">
                {author}, <Time at={committedAt} as="dayAndClock" />
              </span>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.of.more}>
        <p class="pt-1 text-sm text-quiet">
          {props.of.commits.length > 0 ? 'and older ones' : 'The commits between them are not known.'}
        </p>
      </Show>
    </div>
  )
}

function Modules(props: { of: DeploymentChanges['modules'] }) {
  const lists = () =>
    [
      ['New', props.of.added],
      ['Changed', props.of.changed],
      ['Gone', props.of.gone],
    ] as const
  const none = () => lists().every(([, names]) => names.length === 0)
  return (
    <Show when={!none()} fallback={<p class="text-quiet">No module is other than it was.</p>}>
      <dl class="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
        <For each={lists().filter(([, names]) => names.length > 0)}>
          {([word, names]) => (
            <>
              <dt class="text-quiet">
                {word} <span class="sr-only">modules</span>
              </dt>
              <dd class="min-w-0 font-mono text-sm">{names.join(', ')}</dd>
            </>
          )}
        </For>
      </dl>
    </Show>
  )
}
