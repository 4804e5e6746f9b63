import { useNavigate } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import { createEffect, createSignal, on, Show } from 'solid-js'
import { api, type ConnectionView, forget, objection } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { Authority } from './authority.tsx'
import { DeleteDialog } from './dialogs.ts'
import { useTokenSince } from './token-since.ts'
import { methodWords } from './words.ts'

/** What can be changed about a connection, and what it is made of. */
export function Settings(props: { connection: ConnectionView }) {
  const navigate = useNavigate()
  const [name, setName] = createSignal(props.connection.name)
  const [deleting, setDeleting] = createSignal(false)
  const since = useTokenSince(() => props.connection)
  createEffect(on(() => props.connection.name, setName, { defer: true }))
  const rename = useMutation(() => ({
    mutationFn: () => api.connections.rename.mutate({ connectionId: props.connection.id, name: name() }),
    onSuccess: ({ name }) => {
      announce(`Its name is ${name} now.`)
      return forget('connections', 'audit')
    },
  }))
  return (
    <div class="grid gap-8 min-[1100px]:grid-cols-2">
      <section class="flex flex-col gap-3">
        <form
          class="max-w-md"
          onSubmit={(event) => {
            event.preventDefault()
            rename.mutate()
          }}
        >
          <Field
            label="Name"
            required
            maxLength={80}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
            error={objection(rename.error, 'name')}
            beside={
              <Button type="submit" working={rename.isPending} disabled={name().trim() === props.connection.name}>
                Rename
              </Button>
            }
          />
        </form>
        <Trouble error={objection(rename.error, 'name') ? null : rename.error} />
      </section>
      <section class="flex flex-col gap-3">
        <h2 class="text-lg font-semibold">Credential</h2>
        <Facts>
          <Fact name="Instance">
            <span class="font-mono text-sm">{props.connection.baseUrl}</span>
          </Fact>
          <Fact name="Method">{methodWords(props.connection)}</Fact>
          <Fact name="Kind of token">{props.connection.tokenKind ?? 'not known yet'}</Fact>
          <Fact name="Version">
            {props.connection.credentialVersion}
            <Show when={since()}>
              {(at) => (
                <span class="text-quiet">
                  , in use since <Time at={at()} as="day" />
                </span>
              )}
            </Show>
          </Fact>
          <Show when={props.connection.app}>
            {(app) => (
              <>
                <Fact name="App ID">{app().appId}</Fact>
                <Fact name="Installation ID">{app().installationId}</Fact>
                <Fact name="Key">
                  <span class="font-mono text-sm break-all">{app().keyFingerprint}</span>
                </Fact>
              </>
            )}
          </Show>
          <Fact name="Created">
            <Time at={props.connection.createdAt} as="day" /> by {props.connection.createdBy.name}
          </Fact>
        </Facts>
      </section>
      <Authority connection={props.connection} />
      <section class="flex flex-col items-start gap-3 min-[1100px]:col-span-2">
        <h2 class="text-lg font-semibold">Delete</h2>
        <p class="text-quiet">It stops working at once, and can be restored for 7 days.</p>
        <Button look="danger" onClick={() => setDeleting(true)}>
          Delete this connection
        </Button>
      </section>
      <Show when={deleting()}>
        <DeleteDialog
          connection={props.connection}
          onClose={() => setDeleting(false)}
          onDeleted={() => navigate('/settings/git-connections')}
        />
      </Show>
    </div>
  )
}
