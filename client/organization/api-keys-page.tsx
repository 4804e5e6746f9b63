import { createSignal, Show } from 'solid-js'
import { type ApiKey, api, ask } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Keyed } from '../ui/keyed.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { now, Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { KeyForm } from './key-form.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'

/** The keys by which programs come in. */
export default function ApiKeysPage() {
  const keys = useAnswer(() => ask('organization.keys', api.organization.keys, undefined))
  const [revoking, setRevoking] = createSignal<ApiKey | null>(null)
  return (
    <>
      <PageHead title="API keys">Programs send one in the header x-api-key.</PageHead>
      <KeyForm />
      <Trouble error={keys.error} onRetry={keys.refetch} />
      <Show when={!keys.error || keys.data}>
        <ul aria-label="Keys" class="card divide-y divide-line px-4">
          <Keyed
            each={keys.data}
            by={({ id }) => id}
            fallback={<li class="py-3 text-quiet">{keys.data ? 'No key yet.' : 'Loading ...'}</li>}
          >
            {(key) => (
              <li class="grid items-center gap-x-4 gap-y-1 py-2 min-[1000px]:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1.4fr)_auto]">
                <div class="min-w-0">
                  <div>
                    <span class="font-medium">{key().name}</span>{' '}
                    <span class="font-mono text-sm text-quiet">{key().start}...</span>
                  </div>
                  <div class="text-sm text-quiet">
                    created <Time at={key().createdAt} as="day" /> by {key().createdBy}
                  </div>
                </div>
                <span>{key().rights.join(', ')}</span>
                <span class="text-sm text-quiet">
                  <Show when={key().lastUsedAt} fallback="never used">
                    {(at) => (
                      <>
                        last used <Time at={at()} />
                      </>
                    )}
                  </Show>
                </span>
                <span class="text-sm text-quiet">
                  <Ends at={key().expiresAt} />
                </span>
                <Button
                  small
                  class="justify-self-start"
                  aria-label={`Revoke ${key().name}`}
                  onClick={() => setRevoking(key())}
                >
                  Revoke
                </Button>
              </li>
            )}
          </Keyed>
        </ul>
      </Show>
      <Show when={revoking()}>{(key) => <RevokeDialog apiKey={key()} onClose={() => setRevoking(null)} />}</Show>
    </>
  )
}

function Ends(props: { at: string | null }) {
  return (
    <Show when={props.at} fallback="never expires">
      {(at) => (
        <span classList={{ 'text-bad font-medium': Date.parse(at()) <= now() }}>
          {Date.parse(at()) <= now() ? 'expired' : 'expires'} <Time at={at()} as="day" />, <Time at={at()} />
        </span>
      )}
    </Show>
  )
}
