import { useNavigate, useSearchParams } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import { createEffect, createSignal, type JSX, Show } from 'solid-js'
import { api, ask, refusal } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { askSession } from './session.ts'

/** The one column of the pages before the frame. */
export function Doorway(props: { title: string; children: JSX.Element }) {
  createEffect(() => {
    document.title = `${props.title} · Git Connections`
  })
  return (
    <main class="mx-auto flex min-h-screen max-w-sm flex-col justify-center gap-4 p-4">
      <div class="text-sm text-quiet">Git Connections</div>
      <h1 class="text-xl font-semibold">{props.title}</h1>
      {props.children}
    </main>
  )
}

/** Only addresses of this page are followed after signing in. */
function safeNext(next: string | string[] | undefined): string {
  if (typeof next !== 'string') return '/'
  const target = new URL(next, location.origin)
  return target.origin === location.origin ? target.pathname + target.search : '/'
}

/** An account opens nothing by itself, such as that of somebody who was removed. */
async function requireMembership(): Promise<void> {
  await api.organization.get.query().catch((error: unknown) => {
    if (refusal(error)?.code !== 'UNAUTHORIZED') throw error
    throw new Error('This account belongs to no organization. Ask a member for an invitation link.')
  })
}

/** Signing in; on an empty server, signing the first account up. */
export default function SignInPage() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const setup = useAnswer(() => ask('organization.setup', api.organization.setup, undefined))
  const first = () => setup.data?.firstAccount ?? false
  const [name, setName] = createSignal('')
  const [email, setEmail] = createSignal('')
  const [password, setPassword] = createSignal('')
  const enter = useMutation(() => ({
    mutationFn: async () => {
      if (first()) return askSession('sign-up/email', { name: name(), email: email(), password: password() })
      await askSession('sign-in/email', { email: email(), password: password() })
      await requireMembership()
    },
    onSuccess: () => navigate(safeNext(search.next), { replace: true }),
  }))
  return (
    <Doorway title={first() ? 'Create the first account' : 'Sign in'}>
      <Trouble error={setup.error} onRetry={setup.refetch} />
      <form
        class="card flex flex-col gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault()
          enter.mutate()
        }}
      >
        <Show when={first()}>
          <Field
            label="Your name"
            autocomplete="name"
            required
            value={name()}
            onInput={(e) => setName(e.currentTarget.value)}
          />
        </Show>
        <Field
          label="E-mail"
          type="email"
          autocomplete="username"
          required
          value={email()}
          onInput={(e) => setEmail(e.currentTarget.value)}
        />
        <Field
          label="Password"
          type="password"
          required
          minLength={first() ? 10 : undefined}
          autocomplete={first() ? 'new-password' : 'current-password'}
          hint={first() ? 'At least 10 characters.' : undefined}
          value={password()}
          onInput={(e) => setPassword(e.currentTarget.value)}
        />
        <Trouble error={enter.error} />
        <Button type="submit" look="primary" working={enter.isPending} disabled={setup.isPending}>
          {first() ? 'Create account' : 'Sign in'}
        </Button>
      </form>
      <p class="text-sm text-quiet">
        {first()
          ? 'It makes you the owner of a new organization; others join by invitation.'
          : 'New here? Ask a member for an invitation link.'}
      </p>
    </Doorway>
  )
}
