import { useMutation } from '@tanstack/solid-query'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createSignal, For, Show } from 'solid-js'
import { api, ask, forget, objection, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { Checklist } from './checklist.tsx'
import { Methods } from './methods.tsx'
import { ProviderMark } from './provider-mark.tsx'
import { TokenField } from './token-field.tsx'
import { TokenSteps } from './token-steps.tsx'
import { hostOf, providerWords, suggestName } from './words.ts'

const homes: Record<Provider, string> = { github: 'https://github.com', gitlab: 'https://gitlab.com' }

/** Adding a connection: provider, method and token in one view; then what the provider answers, live. */
export default function AddDialog(props: { organization: string; provider?: Provider; onClose: () => void }) {
  const organization = useAnswer(() => ask('organization.get', api.organization.get, undefined))
  const connections = useAnswer(() => ask('connections.list', api.connections.list, undefined))
  const [provider, setProvider] = createSignal<Provider>(props.provider ?? 'github')
  const [ownName, setOwnName] = createSignal<string | null>(null)
  const [instance, setInstance] = createSignal('')
  const [token, setToken] = createSignal('')
  const home = () => organization.data?.instances[provider()].url ?? homes[provider()]
  const baseUrl = () => instance().trim() || home()
  const suggested = () =>
    suggestName(
      baseUrl(),
      (connections.data ?? []).map(({ name }) => name),
    )
  const name = () => ownName() ?? suggested()
  const create = useMutation(() => ({
    mutationFn: () =>
      api.connections.create.mutate({
        provider: provider(),
        name: name(),
        ...(instance().trim() ? { baseUrl: instance().trim() } : {}),
        credential: { kind: 'token', token: token() },
      }),
    onSuccess: () => {
      setOwnName(name())
      setToken('')
      return forget('connections', 'audit')
    },
  }))
  const besideField = () => ['name', 'baseUrl', 'token'].some((field) => objection(create.error, field))
  return (
    <Modal title="Add Git Connection" wide onClose={props.onClose}>
      <Show
        when={!create.data}
        fallback={
          <Show when={create.data}>{(made) => <Checklist connectionId={made().id} onClose={props.onClose} />}</Show>
        }
      >
        <form
          class="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            create.mutate()
          }}
        >
          <fieldset class="flex flex-wrap gap-2">
            <legend class="mb-1 font-medium">Provider</legend>
            <For each={['github', 'gitlab'] as const}>
              {(choice) => (
                <label
                  class="control inline-flex items-center gap-2 px-4!"
                  classList={{ 'border-accent! font-medium': provider() === choice }}
                >
                  <input
                    type="radio"
                    name="provider"
                    class="accent-accent"
                    data-first={provider() === choice ? '' : undefined}
                    checked={provider() === choice}
                    onChange={() => setProvider(choice)}
                  />
                  <ProviderMark provider={choice} size={18} />
                  {providerWords[choice]}
                </label>
              )}
            </For>
          </fieldset>
          <Methods provider={provider()} />
          <Field
            label="Name"
            required
            maxLength={80}
            value={name()}
            onInput={(event) => setOwnName(event.currentTarget.value)}
            error={objection(create.error, 'name')}
          />
          <details class="group -mt-2" open={Boolean(objection(create.error, 'baseUrl'))}>
            <summary class="inline-flex min-h-7 items-center gap-1 text-sm text-quiet hover:text-ink pointer-coarse:min-h-10">
              <ChevronRight size={14} class="shrink-0 group-open:rotate-90" aria-hidden="true" />
              <span>{hostOf(baseUrl())}, change</span>
            </summary>
            <Field
              class="mt-2"
              label="Instance URL"
              type="url"
              placeholder={home()}
              value={instance()}
              onInput={(event) => setInstance(event.currentTarget.value)}
              hint="For a self-hosted instance."
              error={objection(create.error, 'baseUrl')}
            />
          </details>
          <TokenSteps provider={provider()} baseUrl={baseUrl()} name={name()} />
          <TokenField
            provider={provider()}
            value={token()}
            onInput={setToken}
            onSwitch={setProvider}
            error={objection(create.error, 'token')}
          />
          <Trouble error={besideField() ? null : create.error} />
          <div class="flex flex-wrap items-center justify-between gap-3">
            <p class="text-sm text-quiet">Everyone in {props.organization} can use this connection for deployments.</p>
            <Button type="submit" look="primary" class="max-sm:w-full" working={create.isPending}>
              Create Connection
            </Button>
          </div>
        </form>
      </Show>
    </Modal>
  )
}
