import { A, useNavigate, useParams } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api, ask, knowledge } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { askSession } from './session.ts'
import { Doorway } from './sign-in-page.tsx'

/** What an invitation link opens: join with a new account, or with the one there is. */
export default function JoinPage() {
  const params = useParams()
  const navigate = useNavigate()
  const invitationId = () => params.invitationId ?? ''
  const invitation = useAnswer(() =>
    ask('organization.invitation', api.organization.invitation, { invitationId: invitationId() }),
  )
  const [name, setName] = createSignal('')
  const [password, setPassword] = createSignal('')
  const join = useMutation(() => ({
    mutationFn: async (invited: { email: string; accountExists: boolean }) => {
      const { email } = invited
      if (invited.accountExists) await askSession('sign-in/email', { email, password: password() })
      else
        await askSession('sign-up/email', { email, name: name(), password: password(), invitationId: invitationId() })
      await api.organization.acceptInvitation.mutate({ invitationId: invitationId() })
    },
    onSuccess: () => {
      knowledge.clear()
      navigate('/', { replace: true })
    },
  }))
  return (
    <Doorway title={invitation.data ? `Join ${invitation.data.organization}` : 'Invitation'}>
      <Show when={invitation.error}>
        <Trouble error={invitation.error} onRetry={invitation.refetch} />
        <p>
          <A class="link" href="/sign-in">
            Sign in
          </A>
        </p>
      </Show>
      <Show when={invitation.data}>
        {(invited) => (
          <>
            <p>
              {invited().invitedBy} invites {invited().email}. The invitation ends <Time at={invited().expiresAt} />.
            </p>
            <form
              class="card flex flex-col gap-4 p-5"
              onSubmit={(event) => {
                event.preventDefault()
                join.mutate(invited())
              }}
            >
              <input type="hidden" autocomplete="username" value={invited().email} />
              <Show when={!invited().accountExists}>
                <Field
                  label="Your name"
                  autocomplete="name"
                  required
                  value={name()}
                  onInput={(e) => setName(e.currentTarget.value)}
                />
              </Show>
              <Field
                label="Password"
                type="password"
                required
                minLength={invited().accountExists ? undefined : 10}
                autocomplete={invited().accountExists ? 'current-password' : 'new-password'}
                hint={invited().accountExists ? 'The password of your account.' : 'At least 10 characters.'}
                value={password()}
                onInput={(e) => setPassword(e.currentTarget.value)}
              />
              <Trouble error={join.error} />
              <Button type="submit" look="primary" working={join.isPending}>
                Join {invited().organization}
              </Button>
            </form>
          </>
        )}
      </Show>
    </Doorway>
  )
}
