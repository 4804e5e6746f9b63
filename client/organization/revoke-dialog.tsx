import { useMutation } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { type ApiKey, api, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { ConfirmButtons } from '../ui/confirm-buttons.tsx'
import { Modal } from '../ui/modal.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'

/** Asks before an API key is revoked, and says whether it is in use. */
export function RevokeDialog(props: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useMutation(() => ({
    mutationFn: () => api.organization.revokeKey.mutate({ keyId: props.apiKey.id }),
    onSuccess: () => {
      announce(`${props.apiKey.name} was revoked.`)
      props.onClose()
      return forget('organization', 'audit')
    },
  }))
  return (
    <Modal title={`Revoke ${props.apiKey.name}?`} onClose={props.onClose}>
      <div class="flex flex-col gap-3">
        <p>
          Programs that send it are refused at once, and it can't be brought back.{' '}
          <Show when={props.apiKey.lastUsedAt} fallback="It was never used.">
            {(at) => (
              <>
                It was last used <Time at={at()} />.
              </>
            )}
          </Show>
        </p>
        <Trouble error={revoke.error} />
        <ConfirmButtons
          does="Revoke"
          working={revoke.isPending}
          onCancel={props.onClose}
          onConfirm={() => revoke.mutate()}
        />
      </div>
    </Modal>
  )
}
