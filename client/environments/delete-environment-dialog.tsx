import { useMutation } from '@tanstack/solid-query'
import { api, type EnvironmentView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { ConfirmButtons } from '../ui/confirm-buttons.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'

/** Asks before an environment is deleted, and says what stays. */
export default function DeleteEnvironmentDialog(props: {
  environment: EnvironmentView
  onClose: () => void
  onDeleted?: () => void
}) {
  const remove = useMutation(() => ({
    mutationFn: () => api.environments.delete.mutate({ environmentId: props.environment.id }),
    onSuccess: () => {
      announce(`The environment ${props.environment.name} was deleted. Its database stays.`)
      props.onClose()
      props.onDeleted?.()
      return forget('environments', 'deployments', 'connections', 'audit')
    },
  }))
  return (
    <Modal title={`Delete ${props.environment.name}?`} onClose={props.onClose}>
      <div class="flex flex-col gap-3">
        <p>
          It can't be deployed any more, and can't be restored. Its database{' '}
          <span class="font-mono text-sm">{props.environment.database}</span> stays as it is, with all that is in it;
          what was deployed stays in the audit.
        </p>
        <Trouble error={remove.error} />
        <ConfirmButtons
          does="Delete"
          working={remove.isPending}
          onCancel={props.onClose}
          onConfirm={() => remove.mutate()}
        />
      </div>
    </Modal>
  )
}
