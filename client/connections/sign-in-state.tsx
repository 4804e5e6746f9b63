import LoaderCircle from 'lucide-solid/icons/loader-circle'
import { Match, Show, Switch } from 'solid-js'
import type { Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import type { SignIn } from './sign-in.ts'
import { providerWords } from './words.ts'

/** How far a sign-in at a provider is, and what to decide about it. */
export function SignInState(props: { signIn: SignIn; provider: Provider }) {
  const outcome = () => props.signIn.outcome()
  return (
    <div class="flex flex-col gap-2" role="status">
      <Switch>
        <Match when={props.signIn.running()}>
          <p class="flex items-center gap-2">
            <LoaderCircle size={16} class="turning text-busy" aria-hidden="true" />
            <span>
              {outcome()?.status === 'working'
                ? outcome()?.message
                : `Waiting for you to allow access at ${providerWords[props.provider]}.`}
            </span>
            <Button small onClick={() => props.signIn.cancel()}>
              Stop waiting
            </Button>
          </p>
          <Show when={props.signIn.seemsClosed()}>
            <p class="text-late">
              The window seems to be closed. If you closed it, nothing was linked; connect again to start over.
            </p>
          </Show>
        </Match>
        <Match when={outcome()?.status === 'failed'}>
          <p class="text-bad">{outcome()?.message}</p>
        </Match>
        <Match when={outcome()?.status === 'confirm'}>
          <div class="flex flex-col items-start gap-2 rounded-md border border-late p-3">
            <p>{outcome()?.message}</p>
            <div class="flex flex-wrap gap-2">
              <Button onClick={() => void props.signIn.confirm(true)}>Use {outcome()?.account}</Button>
              <Button onClick={() => void props.signIn.confirm(false)}>Keep what it has</Button>
            </div>
          </div>
        </Match>
      </Switch>
      <Show when={props.signIn.problem()}>{(text) => <p class="text-bad">{text()}</p>}</Show>
    </div>
  )
}
