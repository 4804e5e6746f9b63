import { useMutation } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api, ask, forget, knowledge, type Member } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { ConfirmButtons } from '../ui/confirm-buttons.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'

/** Asks before somebody is removed or leaves, and says what ends with it. */
export function RemoveDialog(props: { member: Member; onClose: () => void }) {
  const keys = useAnswer(() => ask('organization.keys', api.organization.keys, undefined))
  const theirs = () =>
    (keys.data ?? []).filter(({ createdById }) => createdById === props.member.userId).map(({ name }) => name)
  const remove = useMutation(() => ({
    mutationFn: async () => {
      if (props.member.you) await api.organization.leave.mutate({})
      else await api.organization.remove.mutate({ memberId: props.member.id })
    },
    onSuccess: async () => {
      if (props.member.you) {
        knowledge.clear()
        location.assign('/')
        return
      }
      announce(`${props.member.name} was removed.`)
      props.onClose()
      await forget('organization', 'audit')
    },
  }))
  const whose = () => (props.member.you ? 'Your' : 'Their')
  return (
    <Modal
      title={props.member.you ? 'Leave the organization?' : `Remove ${props.member.name}?`}
      onClose={props.onClose}
    >
      <div class="flex flex-col gap-3">
        <p>Access ends at once. Connections and their history stay.</p>
        <ul class="list-disc space-y-1 pl-5">
          <li>{whose()} sessions see nothing of this organization any more, in every browser.</li>
          <li>
            <Show when={keys.data} fallback="Looking for API keys ...">
              <Show when={theirs().length > 0} fallback={`${whose()} API keys: there is none.`}>
                {whose()} API keys stop working: <span class="font-medium">{theirs().join(', ')}</span>.
              </Show>
            </Show>
          </li>
          <li>To come back, an invitation is needed.</li>
        </ul>
        <Trouble error={keys.error ?? remove.error} />
        <ConfirmButtons
          does={props.member.you ? 'Leave' : 'Remove'}
          working={remove.isPending}
          disabled={keys.isPending}
          onCancel={props.onClose}
          onConfirm={() => remove.mutate()}
        />
      </div>
    </Modal>
  )
}
