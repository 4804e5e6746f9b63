import { For } from 'solid-js'
import type { ConnectionView, Provider } from '../api.ts'
import { methodWords, providerWords } from './words.ts'

export type Method = ConnectionView['method']

/** The ways to link an account of a provider, with what each is good for. */
export function Methods(props: { provider: Provider; chosen: Method; onChoose: (method: Method) => void }) {
  const methods = (): { id: Method; name: string; good: string }[] => [
    {
      id: 'oauth',
      name: `Connect with ${providerWords[props.provider]}`,
      good: 'Recommended. Refreshes by itself.',
    },
    {
      id: 'token',
      name: methodWords({ provider: props.provider, method: 'token' }),
      good: 'More control over permissions; suits automation.',
    },
    ...(props.provider === 'github'
      ? [
          {
            id: 'githubApp' as const,
            name: 'GitHub App',
            good: 'Fine-grained permissions, access per repository, suits organizations, does not expire as tokens do.',
          },
        ]
      : []),
  ]
  return (
    <fieldset class="grid gap-2 sm:grid-cols-3">
      <legend class="mb-1 font-medium">Method</legend>
      <For each={methods()}>
        {(method) => (
          <label class="card flex gap-2 p-3" classList={{ 'border-accent!': props.chosen === method.id }}>
            <input
              type="radio"
              name="method"
              class="mt-1 self-start accent-accent"
              checked={props.chosen === method.id}
              onChange={() => props.onChoose(method.id)}
            />
            <span class="min-w-0">
              <span class="block font-medium">{method.name}</span>
              <span class="block text-sm text-quiet">{method.good}</span>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  )
}
