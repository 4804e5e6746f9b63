import { useMutation } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api, type ConnectionView, explain, forget, objection, refusal } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { TokenField } from './token-field.tsx'
import { TokenSteps } from './token-steps.tsx'

/** Gives a connection a new token; one of another account, or of less reach, is taken only when confirmed. */
export default function EditDialog(props: { connection: ConnectionView; onClose: () => void }) {
  const [token, setToken] = createSignal('')
  const isApp = () => props.connection.method === 'githubApp'
  const save = useMutation(() => ({
    mutationFn: (confirmed: boolean) =>
      api.connections.replaceToken.mutate({
        connectionId: props.connection.id,
        ...(isApp() ? { privateKey: token() } : { token: token() }),
        ...{ acceptOtherAccount: confirmed, acceptLosses: confirmed },
      }),
    onSuccess: () => {
      announce(`${props.connection.name} has its new ${isApp() ? 'key' : 'token'}.`)
      props.onClose()
      return forget('connections', 'audit')
    },
  }))
  const consent = () => {
    const code = refusal(save.error)?.domainCode
    if (code === 'OtherAccount') return 'Use the other account'
    return code === 'RepositoriesLost' ? 'Replace it all the same' : null
  }
  const atToken = () => objection(save.error, 'token') ?? objection(save.error, 'privateKey')
  return (
    <Modal title={`Edit ${props.connection.name}`} onClose={props.onClose}>
      <form
        class="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(false)
        }}
      >
        <Show
          when={!isApp()}
          fallback={
            <TextArea
              label="Private Key"
              required
              value={token()}
              onInput={(next) => {
                setToken(next)
                save.reset()
              }}
              placeholder="-----BEGIN RSA PRIVATE KEY-----"
              hint={`The key in use is ${props.connection.app?.keyFingerprint}. Paste a new one, or drop its file here.`}
              error={consent() ? null : atToken()}
            />
          }
        >
          <TokenSteps
            provider={props.connection.provider}
            baseUrl={props.connection.baseUrl}
            name={props.connection.name}
          />
          <TokenField
            first
            provider={props.connection.provider}
            value={token()}
            onInput={(next) => {
              setToken(next)
              save.reset()
            }}
            error={consent() ? null : atToken()}
          />
        </Show>
        <Show when={consent()} fallback={<Trouble error={atToken() ? null : save.error} />}>
          <div role="alert" class="flex flex-col items-start gap-2 rounded-md border border-late p-3">
            <p>{explain(save.error)}</p>
            <Button working={save.isPending} onClick={() => save.mutate(true)}>
              {consent()}
            </Button>
          </div>
        </Show>
        <p class="text-sm text-quiet">
          The new {isApp() ? 'key' : 'token'} is checked first; the old one works until then.
        </p>
        <div class="flex justify-end gap-2">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" look="primary" working={save.isPending} disabled={!token().trim()}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  )
}
