import { useMutation } from '@tanstack/solid-query'
import ExternalLink from 'lucide-solid/icons/external-link'
import { createSignal, For, Show } from 'solid-js'
import { api, ask, forget, objection, type Provider } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { CopyChip } from '../ui/copy.tsx'
import { Field } from '../ui/field.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { hostOf } from './words.ts'

type Setup = Awaited<ReturnType<typeof api.organization.oauthSetup.query>>
type Instance = { provider: Provider; baseUrl?: string }

/** How an admin registers an OAuth application at an instance, and the form for its id and secret. */
export function RegisterApplication(props: { setup: Setup; instance: Instance }) {
  const organization = useAnswer(() => ask('organization.get', api.organization.get, undefined))
  const role = () => organization.data?.you?.role
  return (
    <Show when={role()} fallback={<div class="skeleton h-24" />}>
      <Show
        when={role() !== 'member'}
        fallback={<p>An admin of the organization can register one there and enter it here.</p>}
      >
        <Form {...props} />
      </Show>
    </Show>
  )
}

function Form(props: { setup: Setup; instance: Instance }) {
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
      setClientId('')
      setClientSecret('')
      announce('The OAuth application is set.')
      return forget('organization', 'audit')
    },
  }))
  const atField = () => ['clientId', 'clientSecret'].some((field) => objection(save.error, field))
  const gitlab = () => props.instance.provider === 'gitlab'
  return (
    <div class="flex flex-col gap-3">
      <p>Register one at {hostOf(props.setup.baseUrl)} once, for everybody of the organization:</p>
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
        <Show when={!gitlab()}>
          <li>
            Homepage URL: <CopyChip text={location.origin} label="the homepage URL" />
          </li>
        </Show>
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
