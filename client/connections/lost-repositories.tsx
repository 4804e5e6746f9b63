import { For, Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Time } from '../ui/time.tsx'

/** What a connection does not reach any more of what projects use; one sentence on the card, the whole on its page. */
export function LostRepositories(props: { connection: ConnectionView; whole: boolean }) {
  const lost = () => props.connection.lostRepositories
  const since = () =>
    lost()
      .map((one) => one.since)
      .sort()[0] ?? ''
  return (
    <Show when={lost().length > 0}>
      <div class="text-late">
        <p>
          Lost access to {lost().length === 1 ? lost()[0]?.fullName : `${lost().length} repositories`} on{' '}
          <Time at={since()} as="day" />; it works for all others.
        </p>
        <Show when={props.whole}>
          <ul class="list-disc pl-5">
            <For each={lost()}>
              {({ fullName, message }) => (
                <li>
                  <span class="font-medium">{fullName}</span>: {message}
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
    </Show>
  )
}
