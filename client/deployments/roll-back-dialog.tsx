import { For } from 'solid-js'
import type { DeploymentSummary } from '../api.ts'
import { ConfirmButtons } from '../ui/confirm-buttons.tsx'
import { Modal } from '../ui/modal.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAgain } from './use-again.ts'

/** Asks before an environment goes back to the commits of an earlier deployment, and says what does not go back. */
export default function RollBackDialog(props: { deployment: DeploymentSummary; onClose: () => void }) {
  const again = useAgain()
  return (
    <Modal
      title={`Roll ${props.deployment.environment.name} back to deployment ${props.deployment.number}?`}
      onClose={props.onClose}
    >
      <div class="flex flex-col gap-3">
        <p>
          The files go back to what deployment {props.deployment.number} took, which succeeded{' '}
          <Time at={props.deployment.endedAt ?? props.deployment.requestedAt} />:
        </p>
        <ul class="flex flex-col gap-1">
          <For each={props.deployment.commits}>
            {({ fullName, commit, subject }) => (
              <li>
                <span class="font-medium">{fullName}</span>{' '}
                <span class="font-mono text-sm text-quiet">{commit.slice(0, 8)}</span> {subject}
              </li>
            )}
          </For>
        </ul>
        <p class="rounded-md border border-late p-3">
          <strong class="font-semibold">The database is not rolled back.</strong> What later deployments and people
          changed in it stays, such as new fields and records. Where that matters, restore a backup of the database as
          well.
        </p>
        <Trouble error={again.error} />
        <ConfirmButtons
          does="Roll back"
          working={again.isPending}
          onCancel={props.onClose}
          onConfirm={() =>
            again.mutate({ what: 'rollBack', deployment: props.deployment }, { onSuccess: props.onClose })
          }
        />
      </div>
    </Modal>
  )
}
