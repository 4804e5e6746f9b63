import ChevronRight from 'lucide-solid/icons/chevron-right'
import { Match, Show, Switch } from 'solid-js'
import { api, ask, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { RegisterApplication } from './register-application.tsx'
import { hostOf, providerWords } from './words.ts'

/** Signing in at a provider; where no OAuth application is set for it, how to register one. */
export function OAuthForm(props: {
  instance: { provider: Provider; baseUrl?: string }
  working: boolean
  onConnect: () => void
}) {
  const setup = useAnswer(() => ask('organization.oauthSetup', api.organization.oauthSetup, props.instance))
  const clientId = () => setup.data?.application?.clientId
  // A GitHub App's client id begins with these letters; any other is an OAuth App's.
  const endless = () => props.instance.provider === 'github' && !clientId()?.startsWith('Iv')
  return (
    <Switch fallback={<div class="skeleton h-24" />}>
      <Match when={setup.error}>
        <Trouble error={setup.error} onRetry={setup.refetch} />
      </Match>
      <Match when={setup.data}>
        {(known) => (
          <Show
            when={known().application}
            fallback={
              <>
                <p>No OAuth application is set for {hostOf(known().baseUrl)} yet.</p>
                <RegisterApplication setup={known()} instance={props.instance} />
              </>
            }
          >
            <p>
              You sign in at {hostOf(known().baseUrl)} and allow access there. The connection then has your permissions:
              if you lose access to a repository, it stops working for that repository.
              <Show when={endless()}> Its token does not end, so there is nothing to refresh.</Show>
            </p>
            <Button look="primary" class="self-start" working={props.working} onClick={() => props.onConnect()}>
              Connect with {providerWords[props.instance.provider]}
            </Button>
            <details class="group">
              <summary class="inline-flex min-h-7 items-center gap-1 text-sm text-quiet hover:text-ink pointer-coarse:min-h-10">
                <ChevronRight size={14} class="shrink-0 group-open:rotate-90" aria-hidden="true" />
                <span class="min-w-0 break-all">OAuth application {clientId()}, change</span>
              </summary>
              <div class="mt-2">
                <RegisterApplication setup={known()} instance={props.instance} />
              </div>
            </details>
          </Show>
        )}
      </Match>
    </Switch>
  )
}
