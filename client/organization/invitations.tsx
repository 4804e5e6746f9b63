import { useMutation } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api, ask, forget, objection } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { CopyChip } from '../ui/copy.tsx'
import { Field } from '../ui/field.tsx'
import { Keyed } from '../ui/keyed.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'

/** Inviting somebody, and the invitations that wait for an answer. */
export function Invitations() {
  const invitations = useAnswer(() => ask('organization.invitations', api.organization.invitations, undefined))
  const [email, setEmail] = createSignal('')
  const onSuccess = () => forget('organization', 'audit')
  const invite = useMutation(() => ({
    mutationFn: () => api.organization.invite.mutate({ email: email(), role: 'member' }),
    onSuccess: () => {
      setEmail('')
      return onSuccess()
    },
  }))
  const cancel = useMutation(() => ({
    mutationFn: ({ id }: { id: string; email: string }) =>
      api.organization.cancelInvitation.mutate({ invitationId: id }),
    onSuccess: (_, { email }) => {
      announce(`The invitation of ${email} was cancelled.`)
      invite.reset()
      return onSuccess()
    },
  }))
  return (
    <section class="mt-8 flex flex-col gap-3">
      <h2 class="text-lg font-semibold">Invite</h2>
      <form
        class="max-w-xl"
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
          hint="You get a link to send. Whoever opens it with this address joins as a member."
          error={objection(invite.error, 'email')}
          beside={
            <Button type="submit" look="primary" working={invite.isPending}>
              Invite
            </Button>
          }
        />
      </form>
      <Trouble error={objection(invite.error, 'email') ? cancel.error : (invite.error ?? cancel.error)} />
      <Show when={invite.data}>
        {(made) => (
          <div role="status" class="card flex flex-wrap items-center gap-x-3 gap-y-1 border-accent! p-3">
            Send this link: <CopyChip text={made().url} label="the invitation link" />
          </div>
        )}
      </Show>
      <Trouble error={invitations.error} onRetry={invitations.refetch} />
      <Show when={invitations.data?.length}>
        <ul aria-label="Invitations" class="card divide-y divide-line px-4">
          <Keyed each={invitations.data} by={({ id }) => id}>
            {(invitation) => (
              <li class="grid items-center gap-x-4 gap-y-1.5 py-2 min-[1000px]:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
                <div class="min-w-0">
                  <div>{invitation().email}</div>
                  <div class="text-sm text-quiet">
                    invited by {invitation().invitedBy}, valid until <Time at={invitation().expiresAt} as="day" />,{' '}
                    <Time at={invitation().expiresAt} />
                  </div>
                </div>
                <Show
                  when={invitation().url}
                  fallback={<span class="text-sm text-quiet">{invitation().invitedBy} has the link.</span>}
                >
                  {(url) => <CopyChip text={url()} label={`the link for ${invitation().email}`} />}
                </Show>
                <Button
                  small
                  class="justify-self-start"
                  aria-label={`Cancel the invitation of ${invitation().email}`}
                  working={cancel.isPending && cancel.variables.id === invitation().id}
                  onClick={() => cancel.mutate(invitation())}
                >
                  Cancel
                </Button>
              </li>
            )}
          </Keyed>
        </ul>
      </Show>
    </section>
  )
}
