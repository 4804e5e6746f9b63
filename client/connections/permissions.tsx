import { Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { now, Time } from '../ui/time.tsx'
import { nearnessOf } from './nearness.ts'

const renewals: Record<ConnectionView['method'], string> = {
  oauth: 'Reconnect the account before.',
  token: 'Create a new one and paste it before.',
  githubApp: 'Paste a new key before.',
}

/** Whose permissions an OAuth connection carries, what that means, and what is near its end. */
export function Permissions(props: { connection: ConnectionView }) {
  const ending = () => {
    const { expiresAt, status } = props.connection
    const near = expiresAt !== null && ['soon', 'close'].includes(nearnessOf(expiresAt, now()))
    return near && status === 'active' ? expiresAt : null
  }
  const working = () => props.connection.status === 'active' || props.connection.status === 'pending'
  return (
    <>
      <Show when={ending()}>
        {(end) => (
          <p class="text-late">
            {props.connection.method === 'oauth' ? 'The access' : 'The token'} ends <Time at={end()} />.{' '}
            {renewals[props.connection.method]}
          </p>
        )}
      </Show>
      <Show when={props.connection.method === 'oauth'}>
        <p class="text-sm text-quiet">
          Has the permissions of {props.connection.account?.login ?? props.connection.authorizedBy.name} at the
          provider, given by {props.connection.authorizedBy.name} <Time at={props.connection.authorizedAt} as="day" />.
          <Show
            when={props.connection.refreshable}
            fallback=" Its token does not end by itself, so there is nothing to refresh."
          >
            <Show when={working()}>
              {' '}
              Refreshes by itself
              <Show when={props.connection.refreshedAt}>
                {(at) => (
                  <>
                    , last <Time at={at()} />
                  </>
                )}
              </Show>
              .
            </Show>
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
