import { Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { OAuthForm } from './oauth-form.tsx'
import { createSignIn } from './sign-in.ts'
import { SignInState } from './sign-in-state.tsx'

/** Signs in at the provider again, for a connection that stays what it is. */
export default function ReconnectDialog(props: { connection: ConnectionView; onClose: () => void }) {
  const signIn = createSignIn()
  const done = () => signIn.outcome()?.status === 'done'
  const close = () => {
    if (done()) announce(`${props.connection.name} is connected again.`)
    props.onClose()
  }
  return (
    <Modal title={`Reconnect ${props.connection.name}`} onClose={close}>
      <div class="flex flex-col gap-4">
        <Show when={!done()} fallback={<p role="status">{signIn.outcome()?.message}</p>}>
          <p>
            Allow access again
            <Show when={props.connection.account}>{(account) => <> as {account().login}</>}</Show>. The connection, its
            history and what depends on it stay.
          </p>
          <OAuthForm
            instance={{ provider: props.connection.provider, baseUrl: props.connection.baseUrl }}
            working={signIn.running()}
            onConnect={() => void signIn.begin({ connectionId: props.connection.id })}
          />
        </Show>
        <SignInState signIn={signIn} provider={props.connection.provider} />
        <Trouble error={signIn.error()} />
        <div class="flex justify-end gap-2">
          <Button onClick={close}>{done() ? 'Done' : 'Cancel'}</Button>
        </div>
      </div>
    </Modal>
  )
}
