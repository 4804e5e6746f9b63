import { For, Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Time } from '../ui/time.tsx'
import { AddressCheck } from './address-check.tsx'
import { Evidence } from './evidence.tsx'
import { ExpiryBar } from './expiry.tsx'
import { useTokenSince } from './token-since.ts'
import { hostOf } from './words.ts'

const scopeWords: Record<string, string> = {
  repo: 'reads and clones private repositories',
  'read:org': 'sees the organizations of the account',
  api: 'lists projects and branches',
  read_api: 'lists projects and branches',
  read_repository: 'clones private repositories',
}

/** The ground for a connection's status: what was asked and answered, when it ends, scopes, the repositories seen. */
export function Overview(props: { connection: ConnectionView }) {
  const since = useTokenSince(() => props.connection)
  return (
    <div class="flex flex-col gap-7">
      <Evidence connection={props.connection} />
      <section>
        <h2 class="mb-2 text-lg font-semibold">The way there</h2>
        <p class="mb-2 text-quiet">
          Every step to {hostOf(props.connection.baseUrl)}, with this connection's own credential. Its status stays as
          it is.
        </p>
        <AddressCheck asked={{ connectionId: props.connection.id }} of={props.connection} label="Check the address" />
      </section>
      <section>
        <h2 class="mb-2 text-lg font-semibold">Expiry</h2>
        <Show
          when={props.connection.expiresAt}
          fallback={<p class="text-quiet">The provider tells no end of this token.</p>}
        >
          {(to) => (
            <Show when={since()} fallback={<div class="h-8" />}>
              {(from) => <ExpiryBar from={from()} to={to()} />}
            </Show>
          )}
        </Show>
      </section>
      <div class="grid gap-7 min-[1100px]:grid-cols-2">
        <section>
          <h2 class="mb-2 text-lg font-semibold">Scopes</h2>
          <ul class="space-y-1">
            <For
              each={props.connection.scopes ?? []}
              fallback={<li class="text-quiet">The provider does not tell scopes for this token.</li>}
            >
              {(scope) => (
                <li>
                  <span class="font-mono text-sm">{scope}</span> <span class="text-quiet">{scopeWords[scope]}</span>
                </li>
              )}
            </For>
            <For each={props.connection.missingScopes}>
              {(scope) => (
                <li class="text-bad">
                  missing: <span class="font-mono text-sm">{scope}</span> {scopeWords[scope]}
                </li>
              )}
            </For>
          </ul>
        </section>
        <section>
          <h2 class="mb-2 text-lg font-semibold">Most recently active repositories</h2>
          <ul class="space-y-1">
            <For each={props.connection.repositories} fallback={<li class="text-quiet">None was seen.</li>}>
              {(repository) => (
                <li class="flex flex-wrap gap-x-3">
                  <span class="min-w-0 font-medium">{repository.fullName}</span>
                  <span class="text-quiet">
                    {repository.private ? 'private' : 'public'}
                    {repository.archived ? ', archived' : ''},{' '}
                    <Show when={repository.pushedAt} fallback="never active">
                      {(at) => (
                        <>
                          active <Time at={at()} />
                        </>
                      )}
                    </Show>
                  </span>
                </li>
              )}
            </For>
          </ul>
        </section>
      </div>
    </div>
  )
}
