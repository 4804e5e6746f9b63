import { useMutation, useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api, ask, forget, objection, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { Checklist } from './checklist.tsx'
import { TokenField } from './token-field.tsx'
import { TokenSteps } from './token-steps.tsx'
import { hostOf, providerWords } from './words.ts'

const homes: Record<Provider, string> = { github: 'https://github.com', gitlab: 'https://gitlab.com' }

function Methods(props: { provider: Provider }) {
  const methods = () => [
    {
      name: `Connect with ${providerWords[props.provider]}`,
      good: 'Recommended. Refreshes by itself.',
      ready: false,
    },
    {
      name: props.provider === 'github' ? 'Personal Access Token' : 'GitLab Token',
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

/** Adding a connection: provider, method and token in one view; then what the provider answers, live. */
export function AddDialog(props: { organization: string; provider?: Provider; onClose: () => void }) {
  const organization = useQuery(() => ask('organization.get', api.organization.get, undefined))
  const [provider, setProvider] = createSignal<Provider>(props.provider ?? 'github')
  const [name, setName] = createSignal('')
  const [instance, setInstance] = createSignal('')
  const [token, setToken] = createSignal('')
  const home = () => organization.data?.instances[provider()].url ?? homes[provider()]
  const baseUrl = () => instance().trim() || home()
  const create = useMutation(() => ({
    mutationFn: () =>
      api.connections.create.mutate({
        provider: provider(),
        name: name(),
        ...(instance().trim() ? { baseUrl: instance().trim() } : {}),
        credential: { kind: 'token', token: token() },
      }),
    onSuccess: () => {
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
                <label class="control flex items-center gap-2" classList={{ 'border-accent!': provider() === choice }}>
                  <input
                    type="radio"
                    name="provider"
                    class="accent-accent"
                    checked={provider() === choice}
                    onChange={() => setProvider(choice)}
                  />
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
            onInput={(event) => setName(event.currentTarget.value)}
            error={objection(create.error, 'name')}
          />
          <details open={Boolean(objection(create.error, 'baseUrl'))}>
            <summary class="text-sm text-quiet">{hostOf(baseUrl())}, change</summary>
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
            <Button type="submit" look="primary" working={create.isPending}>
              Create Connection
            </Button>
          </div>
        </form>
      </Show>
    </Modal>
  )
}
