import { A, useParams, useSearchParams } from '@solidjs/router'
import { createEffect, Match, onCleanup, onMount, Show, Switch } from 'solid-js'
import { api, ask, forget } from '../api.ts'
import { Doorway } from '../organization/sign-in-page.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { SIGN_IN_CHANNEL } from './sign-in.ts'

const problems: Record<string, string> = {
  signedOut: 'You are not signed in here, so nothing was linked. Sign in, then start again.',
  unknown:
    'This return from the provider belongs to no sign-in that waits here. It may be older than ten minutes, used already, or begun in another browser. Nothing was linked; start again.',
}

/** Where one comes back to from a provider: tells the page that waits, and says what came of it. */
export default function ConnectedPage() {
  const params = useParams()
  const [search] = useSearchParams()
  const outcome = useAnswer(() => ({
    ...ask('connections.authorization', api.connections.authorization, {
      authorizationId: params.authorizationId ?? '',
    }),
    enabled: params.authorizationId !== undefined,
  }))
  const channel = new BroadcastChannel(SIGN_IN_CHANNEL)
  // The page that waits has it now. Where none does, this one stays and says what happened; so does one that no script
  // opened, which none can close.
  channel.addEventListener('message', ({ data }) => data === params.authorizationId && window.close())
  onMount(() => {
    channel.postMessage('back')
    void forget('connections', 'audit')
  })
  onCleanup(() => channel.close())
  createEffect(() => {
    if (outcome.data?.status === 'done') window.close()
  })
  return (
    <Doorway title="Back from the provider">
      <div class="card flex flex-col gap-3 p-5">
        <Switch fallback={<div class="skeleton h-6 w-64" />}>
          <Match when={params.authorizationId === undefined}>
            <p role="alert">{problems[String(search.problem)] ?? problems.unknown}</p>
          </Match>
          <Match when={outcome.error}>
            <Trouble error={outcome.error} onRetry={outcome.refetch} />
          </Match>
          <Match when={outcome.data}>
            {(told) => (
              <>
                <p role="status">{told().message}</p>
                <Show when={told().status === 'confirm'}>
                  <p>Decide in the window where you began.</p>
                </Show>
                <Show when={told().status === 'done' && told().connectionId}>
                  {(connectionId) => (
                    <>
                      <A class="link" href={`/projects/new?connection=${connectionId()}`}>
                        Create a project
                      </A>
                      <A class="link" href={`/settings/git-connections/${connectionId()}`}>
                        Open the connection
                      </A>
                    </>
                  )}
                </Show>
              </>
            )}
          </Match>
        </Switch>
        <A class="link" href="/settings/git-connections">
          Git Connections
        </A>
      </div>
    </Doorway>
  )
}
