import { Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { createSignIn } from './sign-in.ts'
import { SignInState } from './sign-in-state.tsx'
import { hostOf, providerWords } from './words.ts'

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
        <p>
          Sign in at {hostOf(props.connection.baseUrl)}
          <Show when={props.connection.account}>{(account) => <> as {account().login}</>}</Show> and allow access again.
          The connection, its history and what depends on it stay. It then has the permissions of whoever signs in.
        </p>
        <Show when={done()}>
          <p role="status">{signIn.outcome()?.message}</p>
        </Show>
        <SignInState signIn={signIn} provider={props.connection.provider} />
        <Trouble error={signIn.error()} />
        <div class="flex justify-end gap-2">
          <Button onClick={close}>{done() ? 'Done' : 'Cancel'}</Button>
          <Show when={!done()}>
            <Button
              look="primary"
              working={signIn.running()}
              onClick={() => void signIn.begin({ connectionId: props.connection.id })}
            >
              Connect with {providerWords[props.connection.provider]}
            </Button>
          </Show>
        </div>
      </div>
    </Modal>
  )
}
