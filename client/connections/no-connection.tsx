import { For } from 'solid-js'
import type { Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { ProviderMark } from './provider-mark.tsx'
import { providerWords } from './words.ts'

/** What stands where no connection stands yet: what one is for, and the two ways to begin. */
export function NoConnection(props: { onAdd: (provider: Provider) => void }) {
  return (
    <section class="card flex flex-col items-start gap-4 p-5 sm:p-6">
      <h2 class="text-lg font-semibold">No connection yet</h2>
      <p class="max-w-prose">
        A connection links a GitHub or GitLab account of yours once. From then on Odoo projects deploy straight from its
        private repositories. It is checked all the time, and this page says when something needs doing.
      </p>
      <div class="flex w-full flex-wrap gap-3">
        <For each={['github', 'gitlab'] as const}>
          {(provider) => (
            <Button class="min-h-14! flex-1 text-lg font-medium sm:max-w-56" onClick={() => props.onAdd(provider)}>
              <ProviderMark provider={provider} /> {providerWords[provider]}
            </Button>
          )}
        </For>
      </div>
      <p class="text-sm text-quiet">
        No account at hand? <code class="font-mono">npm run demo</code> starts stand-ins of both and prints tokens to
        paste.
      </p>
    </section>
  )
}
