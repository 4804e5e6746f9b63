import { Match, Show, Switch } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Time } from '../ui/time.tsx'
import { callWords, providerWords } from './words.ts'

/** What the last check found and when, what is being asked at this moment, and when it is tried again. */
export function Finding(props: { connection: ConnectionView; checking: boolean; told: boolean }) {
  const provider = () => providerWords[props.connection.provider]
  const waiting = () => props.connection.status === 'pending'
  return (
    <>
      <p role={props.told ? 'status' : undefined}>
        <Switch fallback={props.connection.message}>
          <Match when={props.checking || (waiting() && !props.connection.deferred)}>
            Asking {provider()} who this is ...
          </Match>
          <Match when={waiting()}>{provider()} has not said yet who this is.</Match>
        </Switch>{' '}
        <span class="text-sm text-quiet">
          <Show when={!props.checking && waiting() && !props.connection.deferred && props.connection.nextCheckAt}>
            {(at) => (
              <>
                Without an answer it is asked again <Time at={at()} as="untilThen" />.
              </>
            )}
          </Show>
          <Show when={!props.checking && props.connection.checkedAt}>
            {(at) => (
              <>
                checked <Time at={at()} />
                <Show when={props.connection.calls[0]}>{(call) => <>: {callWords(call())}</>}</Show>
              </>
            )}
          </Show>
        </span>
      </p>
      <Show when={!props.checking && props.connection.deferred}>
        {(deferred) => (
          <p class="text-late">
            <Time at={deferred().since} as="dayAndClock" />: {deferred().message} Next try{' '}
            <Time at={deferred().retryAt} as="untilThen" />.
          </p>
        )}
      </Show>
    </>
  )
}
