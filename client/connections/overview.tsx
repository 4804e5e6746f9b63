import { For, Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Time } from '../ui/time.tsx'

const scopeWords: Record<string, string> = {
  repo: 'reads and clones private repositories',
  'read:org': 'sees the organizations of the account',
  api: 'lists projects and branches',
  read_repository: 'clones private repositories',
}

/** The ground for a connection's status: what was asked and answered, scopes, and the repositories seen. */
export function Overview(props: { connection: ConnectionView }) {
  return (
    <div class="flex flex-col gap-6">
      <section>
        <h2 class="mb-2 text-lg font-semibold">Evidence</h2>
        <section class="overflow-x-auto" tabindex="0" aria-label="Evidence">
          <table class="w-full text-left text-sm">
            <thead class="text-quiet">
              <tr>
                <th class="pr-4 pb-1">Asked</th>
                <th class="pr-4 pb-1">Answered</th>
                <th class="pr-4 pb-1">Request id</th>
                <th class="pb-1">Took</th>
              </tr>
            </thead>
            <tbody>
              <For
                each={props.connection.calls}
                fallback={
                  <tr>
                    <td colSpan={4}>The provider has not been asked yet.</td>
                  </tr>
                }
              >
                {(call) => (
                  <tr class="border-t border-line align-top">
                    <td class="py-1.5 pr-4 font-mono">
                      {call.method} {call.url}
                    </td>
                    <td class="py-1.5 pr-4">
                      {call.status ?? 'no answer'} {call.answer}
                    </td>
                    <td class="py-1.5 pr-4 font-mono">{call.requestId ?? 'none'}</td>
                    <td class="tabular py-1.5 whitespace-nowrap">{call.durationMs} ms</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </section>
        <p class="mt-2 text-quiet">
          <Show when={props.connection.nextCheckAt} fallback="No check is planned.">
            {(at) => (
              <>
                Next check <Time at={at()} />.
              </>
            )}
          </Show>
          <Show when={props.connection.rateLimit}>
            {(limit) => (
              <>
                {' '}
                {limit().remaining} of {limit().limit} requests are left.
              </>
            )}
          </Show>
        </p>
        <For each={props.connection.warnings}>{(warning) => <p class="text-late">{warning.message}</p>}</For>
      </section>
      <section>
        <h2 class="mb-2 text-lg font-semibold">Scopes</h2>
        <ul>
          <For
            each={props.connection.scopes ?? []}
            fallback={<li>The provider does not tell scopes for this token.</li>}
          >
            {(scope) => (
              <li>
                <span class="font-mono">{scope}</span> <span class="text-quiet">{scopeWords[scope]}</span>
              </li>
            )}
          </For>
          <For each={props.connection.missingScopes}>
            {(scope) => (
              <li class="text-bad">
                missing: <span class="font-mono">{scope}</span>
              </li>
            )}
          </For>
        </ul>
      </section>
      <section>
        <h2 class="mb-2 text-lg font-semibold">Most recently active repositories</h2>
        <ul>
          <For each={props.connection.repositories} fallback={<li>None was seen.</li>}>
            {(repository) => (
              <li class="flex flex-wrap gap-x-3">
                <span class="font-medium">{repository.fullName}</span>
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
  )
}
