import { useMutation } from '@tanstack/solid-query'
import { onMount, Show } from 'solid-js'
import { api, type ConnectionView, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { CheckLines } from './check-lines.tsx'
import type { Answer } from './checks.ts'
import { hostOf } from './words.ts'

/** An address that somebody types, or a connection, which has its own, with all that is needed there. */
type Asked =
  | { provider: Provider; baseUrl: string; certificateAuthority?: string; token?: string }
  | { connectionId: string }
type Step = Awaited<ReturnType<typeof api.connections.probe.mutate>>['steps'][number]

const answers: Record<Step['is'], Answer> = { ok: 'yes', failed: 'no', notReached: 'unchecked' }

const words: Record<Step['step'], string> = {
  name: 'Name',
  connection: 'Connection',
  tls: 'Certificate',
  instance: 'Instance',
  authentication: 'Token',
  scopes: 'Scopes',
}
const appWords: Record<Step['step'], string> = { ...words, authentication: 'App', scopes: 'Permissions' }

const ask = (asked: Asked) =>
  'connectionId' in asked ? api.connections.probeConnection.mutate(asked) : api.connections.probe.mutate(asked)

/** The way to an instance, step by step: when it is wanted, or at once where it is known to end somewhere. */
export function AddressCheck(props: { asked: Asked; of?: ConnectionView; label?: string; now?: boolean }) {
  const probe = useMutation(() => ({ mutationFn: ask }))
  /** What was found of another address, or with another token, says nothing of this one. */
  const steps = () => (JSON.stringify(probe.variables) === JSON.stringify(props.asked) ? probe.data?.steps : undefined)
  const named = () => (props.of?.method === 'githubApp' ? appWords : words)
  onMount(() => props.now && probe.mutate(props.asked))
  return (
    <div class="flex flex-col gap-2">
      <Show
        when={props.now}
        fallback={
          <Button class="self-start max-sm:w-full" working={probe.isPending} onClick={() => probe.mutate(props.asked)}>
            {props.label ?? 'Check this address'}
          </Button>
        }
      >
        <p class="font-medium">The way to {hostOf(props.of?.baseUrl ?? '')}</p>
      </Show>
      <div role="status">
        <Show when={props.now && probe.isPending}>
          <p class="text-quiet">Looking for where it ends ...</p>
        </Show>
        <Show when={steps()}>
          {(known) => (
            <CheckLines
              checks={known().map(({ step, is, detail }) => ({
                ...{ what: named()[step], answer: answers[is], detail },
              }))}
            />
          )}
        </Show>
      </div>
      <Trouble error={probe.error} />
    </div>
  )
}
