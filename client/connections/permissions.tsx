import { Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Time } from '../ui/time.tsx'

/** Whose permissions an OAuth connection carries, what that means, and what is near its end beside the token. */
export function Permissions(props: { connection: ConnectionView }) {
  return (
    <>
      <Show when={props.connection.method === 'oauth'}>
        <p class="text-sm text-quiet">
          Has the permissions of {props.connection.account?.login ?? props.connection.authorizedBy.name} at the
          provider, given by {props.connection.authorizedBy.name} <Time at={props.connection.authorizedAt} as="day" />.
          <Show when={props.connection.refreshedAt}>
            {(at) => (
              <>
                {' '}
                Refreshed <Time at={at()} />.
              </>
            )}
          </Show>
        </p>
        <Show when={props.connection.authorizerLeft}>
          <p class="text-late">
            {props.connection.authorizedBy.name} has left the organization. Reconnect it with an account that stays.
          </p>
        </Show>
      </Show>
      <Show when={props.connection.certificateAuthority?.warning}>
        <p class="text-late">
          The certificate authority ends <Time at={props.connection.certificateAuthority?.expiresAt ?? ''} />. Paste its
          new certificate in the settings of this connection.
        </p>
      </Show>
    </>
  )
}
