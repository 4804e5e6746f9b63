import type { UsedRepository } from '../api.ts'
import { BranchStep } from '../projects/branch-step.tsx'
import { Modal } from '../ui/modal.tsx'

/** Choosing another branch of a project's main repository. */
export default function BranchDialog(props: {
  repository: UsedRepository
  chosen: string
  onChoose: (branch: string) => void
  onClose: () => void
}) {
  return (
    <Modal title={`Choose a branch of ${props.repository.fullName}`} wide onClose={props.onClose}>
      <div class="flex flex-col max-sm:h-[calc(100dvh-5.5rem)]">
        <BranchStep
          repository={{
            ...{ connectionId: props.repository.connectionId, id: props.repository.repositoryId },
            ...{ fullName: props.repository.fullName, defaultBranch: props.repository.branch },
          }}
          chosen={props.chosen}
          onChoose={props.onChoose}
        />
      </div>
    </Modal>
  )
}
