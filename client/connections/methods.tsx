import { For, Show } from 'solid-js'
import type { Provider } from '../api.ts'
import { methodWords, providerWords } from './words.ts'

/** The ways to link an account of a provider, with what each is good for. */
export function Methods(props: { provider: Provider }) {
  const methods = () => [
    {
      name: `Connect with ${providerWords[props.provider]}`,
      good: 'Recommended. Refreshes by itself.',
      ready: false,
    },
    {
      name: methodWords({ provider: props.provider, method: 'token' }),
      good: 'More control over permissions; suits automation.',
      ready: true,
    },
    ...(props.provider === 'github'
      ? [
          {
            name: 'GitHub App',
            good: 'Fine-grained permissions, access per repository, suits organizations, does not expire as tokens do.',
            ready: false,
          },
        ]
      : []),
  ]
  return (
    <fieldset class="grid gap-2 sm:grid-cols-3">
      <legend class="mb-1 font-medium">Method</legend>
      <For each={methods()}>
        {(method) => (
          <label class="card flex gap-2 p-3" classList={{ 'border-accent!': method.ready, 'bg-sunken': !method.ready }}>
            <input
              type="radio"
              name="method"
              class="mt-1 self-start accent-accent"
              checked={method.ready}
              disabled={!method.ready}
            />
            <span class="min-w-0">
              <span class="block font-medium">{method.name}</span>
              <span class="block text-sm text-quiet">{method.good}</span>
              <Show when={!method.ready}>
                <span class="block text-sm">Comes with the next version.</span>
              </Show>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  )
}
