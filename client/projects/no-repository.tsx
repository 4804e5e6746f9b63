import { A } from '@solidjs/router'
import { Match, Switch } from 'solid-js'
import type { ConnectionView, RepositoryList } from '../api.ts'

/** What may keep a connection from any repository, and where that is changed. */
function reasonsOf({ provider, method }: ConnectionView): string {
  if (method === 'githubApp') {
    return 'The App’s installation may have no repository selected: choose them in its settings at GitHub.'
  }
  if (provider === 'gitlab') {
    return 'Its account may be a member of no project that has a repository; a group’s or a project’s token reaches only what is in that group or project.'
  }
  return method === 'oauth'
    ? 'The organization may still have to approve the application, or ask for single sign-on: its owners allow that at GitHub.'
    : 'The token may lack the scope, be made for other repositories, or wait for the organization’s approval or its single sign-on.'
}

/** Why there is nothing to choose from: still read, not readable, or really nothing. */
export function NoRepository(props: { connection: ConnectionView; known: RepositoryList }) {
  return (
    <Switch>
      <Match when={props.known.trouble && !props.known.asOf}>
        <p class="text-bad">The list could not be read, so nothing is known of its repositories.</p>
      </Match>
      <Match when={!props.known.asOf}>
        <p>The list is read for the first time. What was found shows here, bit by bit.</p>
      </Match>
      <Match when={true}>
        <div class="flex flex-col gap-2">
          <p>{props.connection.name} reaches no repository.</p>
          <p class="text-quiet">{reasonsOf(props.connection)}</p>
          <A class="link self-start" href={`/settings/git-connections/${props.connection.id}`}>
            Look at the connection
          </A>
        </div>
      </Match>
    </Switch>
  )
}
