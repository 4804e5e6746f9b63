import { useMutation } from '@tanstack/solid-query'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createSignal, For, Show } from 'solid-js'
import { api, ask, forget, objection, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Modal } from '../ui/modal.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { AddressCheck } from './address-check.tsx'
import { AppFields, type AppPaste } from './app-fields.tsx'
import { Checklist } from './checklist.tsx'
import { type Method, Methods } from './methods.tsx'
import { OAuthForm } from './oauth-form.tsx'
import { ProviderMark } from './provider-mark.tsx'
import { createSignIn } from './sign-in.ts'
import { SignInState } from './sign-in-state.tsx'
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
  const [app, setApp] = createSignal<AppPaste>({ appId: '', installationId: '', privateKey: '' })
  const [authority, setAuthority] = createSignal('')
  const [ownMethod, setOwnMethod] = createSignal<Method | null>(null)
  const home = () => organization.data?.instances[provider()].url ?? homes[provider()]
  const baseUrl = () => instance().trim() || home()
  const suggested = () =>
    suggestName(
      baseUrl(),
      (connections.data ?? []).map(({ name }) => name),
    )
  const name = () => ownName() ?? suggested()
  const instanceInput = () => (instance().trim() ? { baseUrl: instance().trim() } : {})
  const authorityInput = () => (authority().trim() ? { certificateAuthority: authority() } : {})
  const setup = useAnswer(() => ask('organization.oauthApplications', api.organization.oauthApplications, undefined))
  /** Signing in is recommended, and chosen where it can be done at once. */
  const method = () => {
    const wanted = ownMethod() ?? (canSignIn() ? 'oauth' : 'token')
    return wanted === 'githubApp' && provider() === 'gitlab' ? 'token' : wanted
  }
  const canSignIn = () =>
    setup.data?.some((known) => known.provider === provider() && known.baseUrl === home()) ?? false
  const signIn = createSignIn()
  const create = useMutation(() => ({
    mutationFn: () =>
      api.connections.create.mutate({
        provider: provider(),
        name: name(),
        ...instanceInput(),
        ...authorityInput(),
        credential: method() === 'githubApp' ? { kind: 'githubApp', ...app() } : { kind: 'token', token: token() },
      }),
    onSuccess: () => {
      setOwnName(name())
      setToken('')
      setApp({ ...app(), privateKey: '' })
      return forget('connections', 'audit')
    },
  }))
  const fields = ['name', 'baseUrl', 'token', 'appId', 'installationId', 'privateKey', 'certificateAuthority']
  const besideField = () => fields.some((field) => objection(create.error, field))
  const failure = () => create.error ?? signIn.error()
  const made = () => create.data?.id ?? (signIn.outcome()?.status === 'done' ? signIn.outcome()?.connectionId : null)
  return (
    <Modal title="Add Git Connection" wide onClose={props.onClose}>
      <Show
        when={!made()}
        fallback={<Show when={made()}>{(id) => <Checklist connectionId={id()} onClose={props.onClose} />}</Show>}
      >
        <form
          class="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (method() !== 'oauth') create.mutate()
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
          <Methods provider={provider()} chosen={method()} onChoose={setOwnMethod} />
          <Field
            label="Name"
            required
            maxLength={80}
            value={name()}
            onInput={(event) => setOwnName(event.currentTarget.value)}
            error={objection(create.error, 'name')}
          />
          <details
            class="group -mt-2"
            open={Boolean(objection(failure(), 'baseUrl') || objection(failure(), 'certificateAuthority'))}
          >
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
              error={objection(failure(), 'baseUrl')}
            />
            <div class="mt-2">
              <TextArea
                label="Certificate authority"
                value={authority()}
                onInput={setAuthority}
                placeholder="-----BEGIN CERTIFICATE-----"
                hint="Only where the instance has a certificate of an authority of its own (PEM)."
                error={objection(failure(), 'certificateAuthority')}
              />
            </div>
            <Show when={instance().trim()}>
              {(address) => (
                <div class="mt-2">
                  <AddressCheck
                    asked={{
                      ...{ provider: provider(), baseUrl: address(), ...authorityInput() },
                      ...(method() === 'token' && token() ? { token: token() } : {}),
                    }}
                  />
                </div>
              )}
            </Show>
          </details>
          <Show when={method() === 'oauth'}>
            <OAuthForm
              instance={{ provider: provider(), ...instanceInput() }}
              working={signIn.running()}
              onConnect={() =>
                void signIn.begin({
                  ...{ provider: provider(), ...instanceInput(), ...authorityInput() },
                  ...(ownName() === null ? {} : { name: name() }),
                })
              }
            />
            <SignInState signIn={signIn} provider={provider()} />
          </Show>
          <Show when={method() === 'token'}>
            <TokenSteps provider={provider()} baseUrl={baseUrl()} name={name()} />
            <TokenField
              provider={provider()}
              value={token()}
              onInput={setToken}
              onSwitch={setProvider}
              error={objection(create.error, 'token')}
            />
          </Show>
          <Show when={method() === 'githubApp'}>
            <AppFields value={app()} onInput={setApp} error={create.error} />
          </Show>
          <Trouble error={besideField() ? null : failure()} />
          <div class="flex flex-wrap items-center justify-between gap-3">
            <p class="text-sm text-quiet">Everyone in {props.organization} can use this connection for deployments.</p>
            <Show when={method() !== 'oauth'}>
              <Button type="submit" look="primary" class="max-sm:w-full" working={create.isPending}>
                Create Connection
              </Button>
            </Show>
          </div>
        </form>
      </Show>
    </Modal>
  )
}
