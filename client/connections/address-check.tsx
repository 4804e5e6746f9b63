import { useMutation } from '@tanstack/solid-query'
import { onMount, Show } from 'solid-js'
import { api, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { CheckLines } from './check-lines.tsx'
import type { Answer } from './checks.ts'
import { hostOf } from './words.ts'

type Asked = { provider: Provider; baseUrl: string; certificateAuthority?: string; token?: string }
type Step = Awaited<ReturnType<typeof api.connections.probe.mutate>>['steps'][number]

const answers: Record<Step['is'], Answer> = { ok: 'yes', failed: 'no', notReached: 'unchecked' }
/** What comes before a token is shown to anybody. */
const WAY = 4

const words: Record<Step['step'], string> = {
  name: 'Name',
  connection: 'Connection',
  tls: 'Certificate',
  instance: 'Instance',
  authentication: 'Token',
  scopes: 'Scopes',
}

/** The way to an instance, step by step: when it is wanted, or at once where it is known to end somewhere. */
export function AddressCheck(props: { asked: Asked; now?: boolean }) {
  const probe = useMutation(() => ({ mutationFn: (asked: Asked) => api.connections.probe.mutate(asked) }))
  /** What was found of another address, or with another token, says nothing of this one. */
  const steps = () =>
    JSON.stringify(probe.variables) === JSON.stringify(props.asked)
      ? probe.data?.steps.slice(0, props.now ? WAY : undefined)
      : undefined
  onMount(() => props.now && probe.mutate(props.asked))
  return (
    <div class="flex flex-col gap-2">
      <Show
        when={props.now}
        fallback={
          <Button class="self-start max-sm:w-full" working={probe.isPending} onClick={() => probe.mutate(props.asked)}>
            Check this address
          </Button>
        }
      >
        <p class="font-medium">The way to {hostOf(props.asked.baseUrl)}</p>
      </Show>
      <div role="status">
        <Show when={props.now && probe.isPending}>
          <p class="text-quiet">Looking for where it ends ...</p>
        </Show>
        <Show when={steps()}>
          {(known) => (
            <CheckLines
              checks={known().map(({ step, is, detail }) => ({
                ...{ what: words[step], answer: answers[is], detail },
              }))}
            />
          )}
        </Show>
      </div>
      <Trouble error={probe.error} />
    </div>
  )
}
