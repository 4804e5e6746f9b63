import { useMutation } from '@tanstack/solid-query'
import { api, forget, type ProjectView } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { ConfirmButtons } from '../ui/confirm-buttons.tsx'
import { Modal } from '../ui/modal.tsx'
import { Trouble } from '../ui/trouble.tsx'

/** Asks before a project is deleted. */
export function DeleteProjectDialog(props: { project: ProjectView; onClose: () => void; onDeleted: () => void }) {
  const remove = useMutation(() => ({
    mutationFn: () => api.projects.delete.mutate({ projectId: props.project.id }),
    onSuccess: () => {
      announce(`The project ${props.project.name} was deleted.`)
      props.onClose()
      props.onDeleted()
      return forget('projects', 'connections', 'audit')
    },
  }))
  return (
    <Modal title={`Delete ${props.project.name}?`} onClose={props.onClose}>
      <div class="flex flex-col gap-3">
        <p>
          It can't be deployed any more, and can't be restored. Its repositories and connections stay as they are, and
          what happened to it stays in the audit.
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
