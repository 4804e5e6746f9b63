import { A } from '@solidjs/router'
import { Match, Switch } from 'solid-js'
import { api, ask } from '../api.ts'
import { useAnswer } from '../use-answer.ts'

const look =
  'control inline-flex items-center border-transparent! bg-accent! font-medium text-on-accent hover:opacity-90'

/** What stands where no project stands yet: what one is, and the way to begin, which may be a connection. */
export function NoProject() {
  const connections = useAnswer(() => ask('connections.list', api.connections.list, undefined))
  return (
    <section class="card flex flex-col items-start gap-4 p-5 sm:p-6">
      <h2 class="text-lg font-semibold">No project yet</h2>
      <p class="max-w-prose">
        A project is an Odoo system to deploy: its main repository, and addon repositories in the order in which their
        modules count. Each is taken through a Git connection, on a branch of your choice.
      </p>
      <Switch fallback={<div class="h-10" />}>
        <Match when={connections.data?.length === 0}>
          <p>Link a GitHub or GitLab account first: repositories are chosen from what it reaches.</p>
          <A class={look} href="/settings/git-connections">
            Go to Git Connections
          </A>
        </Match>
        <Match when={connections.data || connections.error}>
          <A class={look} href="/projects/new">
            New project
          </A>
        </Match>
      </Switch>
    </section>
  )
}
