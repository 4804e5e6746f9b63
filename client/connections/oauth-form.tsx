import { useMutation } from '@tanstack/solid-query'
import ExternalLink from 'lucide-solid/icons/external-link'
import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { api, ask, forget, objection, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { CopyChip } from '../ui/copy.tsx'
import { Field } from '../ui/field.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { hostOf, providerWords } from './words.ts'

type Instance = { provider: Provider; baseUrl?: string }

/** Signing in at a provider; where no OAuth application is set for it, how to register one. */
export function OAuthForm(props: { instance: Instance; working: boolean; onConnect: () => void }) {
  const setup = useAnswer(() => ask('organization.oauthSetup', api.organization.oauthSetup, props.instance))
  return (
    <Switch fallback={<div class="skeleton h-24" />}>
      <Match when={setup.error}>
        <Trouble error={setup.error} onRetry={setup.refetch} />
      </Match>
      <Match when={setup.data}>
        {(known) => (
          <Show when={known().application} fallback={<Register setup={known()} instance={props.instance} />}>
            <p>
              You sign in at {hostOf(known().baseUrl)} and allow access there. The connection then has your permissions:
              if you lose access to a repository, it stops working for that repository.
              <Show when={props.instance.provider === 'github' && known().application?.clientId.startsWith('Ov23')}>
                {' '}
                Tokens of this kind of application do not end, so there is nothing to refresh.
              </Show>
            </p>
            <Button look="primary" class="self-start" working={props.working} onClick={() => props.onConnect()}>
              Connect with {providerWords[props.instance.provider]}
            </Button>
          </Show>
        )}
      </Match>
    </Switch>
  )
}

type Setup = Awaited<ReturnType<typeof api.organization.oauthSetup.query>>

function Register(props: { setup: Setup; instance: Instance }) {
  const [clientId, setClientId] = createSignal('')
  const [clientSecret, setClientSecret] = createSignal('')
  const save = useMutation(() => ({
    mutationFn: () =>
      api.organization.setOauthApplication.mutate({
        ...props.instance,
        clientId: clientId(),
        clientSecret: clientSecret(),
      }),
    onSuccess: () => {
      setClientSecret('')
      return forget('organization', 'audit')
    },
  }))
  const atField = () => ['clientId', 'clientSecret'].some((field) => objection(save.error, field))
  const gitlab = () => props.instance.provider === 'gitlab'
  return (
    <div class="flex flex-col gap-3">
      <p>
        No OAuth application is set for {hostOf(props.setup.baseUrl)} yet. Register one there once, for everybody of the
        organization:
      </p>
      <ol class="list-decimal space-y-1.5 rounded-md bg-sunken py-3 pr-3 pl-8">
        <li>
          <a
            class="link inline-flex items-center gap-1"
            target="_blank"
            rel="noreferrer"
            href={props.setup.registerUrl}
          >
            Open the page for new applications
            <ExternalLink size={14} aria-hidden="true" />
          </a>
        </li>
        <li>
          {gitlab() ? 'Redirect URI' : 'Authorization callback URL'}:{' '}
          <CopyChip text={props.setup.callbackUrl} label="the callback URL" />
        </li>
        <Show when={gitlab()}>
          <li>
            Tick Confidential, and the scopes{' '}
            <For each={props.setup.scopes}>
              {(scope) => (
                <>
                  <CopyChip text={scope} label={`scope ${scope}`} />{' '}
                </>
              )}
            </For>
          </li>
        </Show>
        <li>Save it there, and paste its id and secret here.</li>
      </ol>
      <Field
        label={gitlab() ? 'Application ID' : 'Client ID'}
        autocomplete="off"
        value={clientId()}
        onInput={(event) => setClientId(event.currentTarget.value)}
        error={objection(save.error, 'clientId')}
      />
      <Field
        label={gitlab() ? 'Secret' : 'Client secret'}
        type="password"
        autocomplete="off"
        value={clientSecret()}
        onInput={(event) => setClientSecret(event.currentTarget.value)}
        error={objection(save.error, 'clientSecret')}
      />
      <Trouble error={atField() ? null : save.error} />
      <Button
        look="primary"
        class="self-start"
        working={save.isPending}
        disabled={!clientId().trim() || !clientSecret().trim()}
        onClick={() => save.mutate()}
      >
        Save the application
      </Button>
    </div>
  )
}
