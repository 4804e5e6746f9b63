import { createSignal, Show } from 'solid-js'
import { api, ask, forget, type Member } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Keyed } from '../ui/keyed.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { Invitations } from './invitations.tsx'
import { RemoveDialog } from './remove-dialog.tsx'

/** The people of the organization and the invitations that wait. */
export default function MembersPage() {
  const members = useAnswer(() => ask('organization.members', api.organization.members, undefined))
  const [removing, setRemoving] = createSignal<Member | null>(null)
  return (
    <>
      <PageHead title="Members">Everyone here can use every connection for deployments.</PageHead>
      <Trouble error={members.error} onRetry={() => void forget('organization')} />
      <Show when={!members.error || members.data}>
        <ul class="card divide-y divide-line px-4">
          <Keyed each={members.data} by={({ id }) => id} fallback={<li class="flex h-[47px] items-center">&nbsp;</li>}>
            {(member) => (
              <li class="grid items-center gap-x-4 gap-y-1 py-2 min-[800px]:grid-cols-[minmax(0,1fr)_80px_160px_auto]">
                <span class="min-w-0">
                  <span class="font-medium">{member().name}</span>
                  <Show when={member().you}>
                    {' '}
                    <span class="text-sm text-quiet">(you)</span>
                  </Show>{' '}
                  <span class="text-quiet">{member().email}</span>
                </span>
                <span>{member().role}</span>
                <span class="text-sm text-quiet">
                  joined <Time at={member().joinedAt} as="day" />
                </span>
                <Button
                  small
                  class="justify-self-start"
                  aria-label={member().you ? 'Leave' : `Remove ${member().name}`}
                  onClick={() => setRemoving(member())}
                >
                  {member().you ? 'Leave' : 'Remove'}
                </Button>
              </li>
            )}
          </Keyed>
        </ul>
      </Show>
      <Invitations />
      <Show when={removing()}>{(member) => <RemoveDialog member={member()} onClose={() => setRemoving(null)} />}</Show>
    </>
  )
}
