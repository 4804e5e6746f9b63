import { useMutation } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api, type ConnectionView, forget, objection } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'

/** The certificate authority that a connection trusts beside the public ones. */
export function Authority(props: { connection: ConnectionView }) {
  const [pem, setPem] = createSignal('')
  const set = useMutation(() => ({
    mutationFn: (certificateAuthority: string | null) =>
      api.connections.setCertificateAuthority.mutate({ connectionId: props.connection.id, certificateAuthority }),
    onSuccess: () => {
      setPem('')
      announce('The certificate authority was changed.')
      return forget('connections', 'audit')
    },
  }))
  return (
    <section class="flex flex-col gap-3 min-[1100px]:col-span-2">
      <h2 class="text-lg font-semibold">Certificate authority</h2>
      <Show
        when={props.connection.certificateAuthority}
        fallback={<p class="text-quiet">Only the public authorities are trusted.</p>}
      >
        {(authority) => (
          <p>
            {authority().subject}, ends <Time at={authority().expiresAt} as="day" />{' '}
            <Button small working={set.isPending} onClick={() => set.mutate(null)}>
              Remove
            </Button>
          </p>
        )}
      </Show>
      <details>
        <summary class="inline-flex min-h-10 items-center text-sm text-quiet hover:text-ink">
          Trust a certificate authority of the instance
        </summary>
        <form
          class="flex max-w-2xl flex-col items-start gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            set.mutate(pem())
          }}
        >
          <TextArea
            label="Certificate (PEM)"
            required
            value={pem()}
            onInput={setPem}
            placeholder="-----BEGIN CERTIFICATE-----"
            error={objection(set.error, 'certificateAuthority')}
          />
          <Button type="submit" working={set.isPending} disabled={!pem().trim()}>
            Trust it
          </Button>
        </form>
      </details>
      <Trouble error={objection(set.error, 'certificateAuthority') ? null : set.error} />
    </section>
  )
}
