import { useMutation, useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api, ask, forget } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { CopyChip } from '../ui/copy.tsx'
import { Field } from '../ui/field.tsx'
import { Modal } from '../ui/modal.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'

/** The people of the organization and the invitations that wait. */
export default function MembersPage() {
  const members = useQuery(() => ask('organization.members', api.organization.members, undefined))
  const invitations = useQuery(() => ask('organization.invitations', api.organization.invitations, undefined))
  const [email, setEmail] = createSignal('')
  const [removing, setRemoving] = createSignal<{ id: string; name: string; you: boolean } | null>(null)
  const onSuccess = () => forget('organization', 'audit')
  const invite = useMutation(() => ({
    mutationFn: () => api.organization.invite.mutate({ email: email(), role: 'member' }),
    onSuccess: () => {
      setEmail('')
      return onSuccess()
    },
  }))
  const cancel = useMutation(() => ({
    mutationFn: (invitationId: string) => api.organization.cancelInvitation.mutate({ invitationId }),
    onSuccess,
  }))
  const remove = useMutation(() => ({
    mutationFn: async ({ id, you }: { id: string; you: boolean }) => {
      if (you) await api.organization.leave.mutate({})
      else await api.organization.remove.mutate({ memberId: id })
    },
    onSuccess: () => {
      setRemoving(null)
      return onSuccess()
    },
  }))
  return (
    <>
      <PageHead title="Members">Everyone here can use every connection for deployments.</PageHead>
      <Trouble error={members.error ?? invitations.error} onRetry={() => void forget('organization')} />
      <ul class="card divide-y divide-line px-4">
        <For each={members.data} fallback={<li class="py-3 text-quiet">Loading ...</li>}>
          {(member) => (
            <li class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
              <span class="min-w-0 flex-1">
                <span class="font-medium">{member.name}</span> <span class="text-quiet">{member.email}</span>
              </span>
              <span>{member.role}</span>
              <span class="text-sm text-quiet">
                joined <Time at={member.joinedAt} as="day" />
              </span>
              <Button aria-label={member.you ? 'Leave' : `Remove ${member.name}`} onClick={() => setRemoving(member)}>
                {member.you ? 'Leave' : 'Remove'}
              </Button>
            </li>
          )}
        </For>
      </ul>
      <section class="mt-8 flex flex-col gap-3">
        <h2 class="text-lg font-semibold">Invite</h2>
        <form
          class="max-w-md"
          onSubmit={(event) => {
            event.preventDefault()
            invite.mutate()
          }}
        >
          <Field
            label="E-mail"
            type="email"
            required
            data-new
            value={email()}
            onInput={(event) => setEmail(event.currentTarget.value)}
            beside={
              <Button type="submit" look="primary" working={invite.isPending}>
                Invite
              </Button>
            }
          />
        </form>
        <Trouble error={invite.error ?? cancel.error} />
        <Show when={invite.data}>
          {(made) => (
            <p>
              Send this link: <CopyChip text={made().url} label="the invitation link" />
            </p>
          )}
        </Show>
        <ul class="divide-y divide-line">
          <For each={invitations.data}>
            {(invitation) => (
              <li class="flex flex-wrap items-center gap-3 py-2">
                <span class="min-w-0 flex-1">
                  {invitation.email}{' '}
                  <span class="text-sm text-quiet">
                    ends <Time at={invitation.expiresAt} />
                  </span>
                </span>
                <Show when={invitation.url}>
                  {(url) => <CopyChip text={url()} label={`the link for ${invitation.email}`} />}
                </Show>
                <Button
                  aria-label={`Cancel the invitation of ${invitation.email}`}
                  onClick={() => cancel.mutate(invitation.id)}
                >
                  Cancel
                </Button>
              </li>
            )}
          </For>
        </ul>
      </section>
      <Show when={removing()}>
        {(member) => (
          <Modal
            title={member().you ? 'Leave the organization?' : `Remove ${member().name}?`}
            onClose={() => setRemoving(null)}
          >
            <p class="mb-4">Access ends at once. Connections and their history stay.</p>
            <Trouble error={remove.error} />
            <div class="flex justify-end gap-2">
              <Button onClick={() => setRemoving(null)}>Cancel</Button>
              <Button look="danger" working={remove.isPending} onClick={() => remove.mutate(member())}>
                {member().you ? 'Leave' : 'Remove'}
              </Button>
            </div>
          </Modal>
        )}
      </Show>
    </>
  )
}
