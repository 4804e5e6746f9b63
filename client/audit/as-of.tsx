import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { api, ask } from '../api.ts'
import { statusWord } from '../connections/status.tsx'
import { hostOf } from '../connections/words.ts'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'

/** The connections, projects and environments as they were at an instant. */
export function AsOf(props: { at: string }) {
  const then = useAnswer(() => ask('audit.asOf', api.audit.asOf, { at: props.at }))
  return (
    <section class="card mb-5 p-4">
      <h2 class="mb-2 text-lg font-semibold">
        Connections as of <Time at={props.at} as="dayAndClock" />
      </h2>
      <Trouble error={then.error} onRetry={then.refetch} />
      <Show when={then.data} fallback={<div class="skeleton h-24" />}>
        {(data) => (
          <>
            <ul class="divide-y divide-line">
              <For each={data().connections} fallback={<li class="text-quiet">There was no connection.</li>}>
                {(connection) => (
                  <li class="grid gap-x-4 py-1.5 min-[800px]:grid-cols-[minmax(0,2fr)_140px_minmax(0,2fr)]">
                    <A class="font-medium hover:underline" href={`/settings/git-connections/${connection.id}`}>
                      {connection.name}
                    </A>
                    <span>
                      {statusWord(connection.status)}
                      {connection.enabled ? '' : ', disabled'}
                    </span>
                    <span class="text-quiet">
                      {connection.account?.login ?? 'account not known'} on {hostOf(connection.baseUrl)}
                    </span>
                  </li>
                )}
              </For>
            </ul>
            <h2 class="mt-4 mb-2 text-lg font-semibold">Projects then</h2>
            <ul class="divide-y divide-line">
              <For each={data().projects} fallback={<li class="text-quiet">There was no project.</li>}>
                {(project) => (
                  <li class="grid gap-x-4 py-1.5 min-[800px]:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
                    <A class="font-medium hover:underline" href={`/projects/${project.id}`}>
                      {project.name}
                    </A>
                    <span class="text-quiet">
                      {[project.repository, ...project.addons]
                        .flatMap((used) => (used ? [`${used.fullName}, ${used.branch}`] : []))
                        .join('; ')}
                    </span>
                  </li>
                )}
              </For>
            </ul>
            <h2 class="mt-4 mb-2 text-lg font-semibold">Environments then</h2>
            <ul class="divide-y divide-line">
              <For each={data().environments} fallback={<li class="text-quiet">There was no environment.</li>}>
                {(environment) => (
                  <li class="grid gap-x-4 py-1.5 min-[800px]:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
                    <A class="font-medium hover:underline" href={`/environments/${environment.id}`}>
                      {environment.name}
                    </A>
                    <span class="text-quiet">
                      {environment.kind}, Odoo {environment.odooVersion},{' '}
                      <Show when={!environment.stopped} fallback="stopped">
                        <Show when={environment.lastGood} fallback="never deployed">
                          {(good) => (
                            <>
                              deployed <Time at={good().at} as="dayAndClock" />
                            </>
                          )}
                        </Show>
                      </Show>
                    </span>
                  </li>
                )}
              </For>
            </ul>
          </>
        )}
      </Show>
    </section>
  )
}
