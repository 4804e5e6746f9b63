import { useMutation } from '@tanstack/solid-query'
import { api, type ConnectionView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { ConfirmButtons } from '../ui/confirm-buttons.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { Dependents, useDependents } from './dependents.tsx'
import { MoveInstead } from './move-instead.tsx'

/** Asks before a connection is disabled that projects depend on, and names them. */
export default function DisableDialog(props: { connection: ConnectionView; onClose: () => void }) {
  const impact = useDependents(() => props.connection.id)
  const disable = useMutation(() => ({
    mutationFn: (seen: string) => api.connections.disable.mutate({ connectionId: props.connection.id, seen }),
    onSuccess: () => {
      announce(`${props.connection.name} was disabled.`)
      props.onClose()
      return forget('connections', 'audit')
    },
    // Refused because others depend on it than were shown: they are shown then.
    onError: () => impact.refetch(),
  }))
  return (
    <Modal title={`Disable ${props.connection.name}?`} onClose={props.onClose}>
      <div class="flex flex-col gap-3">
        <Dependents
          of={impact}
          leads={{
            environments: "These environments can't be deployed until it is enabled again:",
            projects: 'These projects depend on it and will not deploy until it is enabled again:',
          }}
        />
        <div class="flex flex-wrap gap-2 empty:hidden">
          <MoveInstead connection={props.connection} of={impact} />
        </div>
        <Trouble error={disable.error} />
        <ConfirmButtons
          does="Disable"
          working={disable.isPending}
          disabled={!impact.data}
          onCancel={props.onClose}
          onConfirm={() => impact.data && disable.mutate(impact.data.seen)}
        />
      </div>
    </Modal>
  )
}
