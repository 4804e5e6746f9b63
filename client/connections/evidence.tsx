import { For, Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Time } from '../ui/time.tsx'
import { TickMark } from './tick-mark.tsx'

const columns = 'min-[1100px]:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_minmax(0,4fr)_64px]'

const ticksOf = ({ canList, canClone }: ConnectionView) => [
  { what: 'can list', tick: canList },
  { what: 'can clone', tick: canClone },
]

/** What was asked at the last check, what was answered, and when it is asked again. */
export function Evidence(props: { connection: ConnectionView }) {
  return (
    <section>
      <h2 class="mb-2 text-lg font-semibold">Evidence</h2>
      <div aria-hidden="true" class={`hidden gap-4 pb-1 text-sm text-quiet min-[1100px]:grid ${columns}`}>
        <span>Asked</span>
        <span>Answered</span>
        <span>Request id</span>
        <span class="text-right">Took</span>
      </div>
      <ul class="border-y border-line text-sm">
        <For
          each={props.connection.calls}
          fallback={<li class="py-2 text-quiet">The provider has not been asked yet.</li>}
        >
          {(call) => (
            <li class={`grid gap-x-4 gap-y-0.5 py-2 not-first:border-t not-first:border-line ${columns}`}>
              <span class="font-mono">
                {call.method} {call.url}
              </span>
              <span>
                {call.status ?? 'no answer'} {call.answer}
              </span>
              <span class="font-mono text-quiet">
                <span class="sr-only">request id </span>
                {call.requestId ?? 'no request id'}
              </span>
              <span class="tabular whitespace-nowrap text-quiet min-[1100px]:text-right">{call.durationMs} ms</span>
            </li>
          )}
        </For>
      </ul>
      <dl class="mt-2 grid gap-x-3 gap-y-0.5 grid-cols-[auto_minmax(0,1fr)]">
        <For each={ticksOf(props.connection)}>
          {({ what, tick }) => (
            <>
              <dt>
                <TickMark what={what} tick={tick} />
              </dt>
              <dd class="text-quiet">{tick.detail}</dd>
            </>
          )}
        </For>
      </dl>
      <p class="mt-2 text-quiet">
        <Show when={props.connection.checkedAt}>
          {(at) => (
            <>
              Checked <Time at={at()} />.{' '}
            </>
          )}
        </Show>
        <Show when={props.connection.nextCheckAt} fallback="No check is planned.">
          {(at) => (
            <>
              Next check <Time at={at()} as="untilThen" />.
            </>
          )}
        </Show>
        <Show when={props.connection.rateLimit}>
          {(limit) => (
            <>
              {' '}
              {limit().remaining.toLocaleString('en')} of {limit().limit.toLocaleString('en')} requests are left.
            </>
          )}
        </Show>
      </p>
      <For each={props.connection.warnings}>{(warning) => <p class="mt-1 text-late">{warning.message}</p>}</For>
    </section>
  )
}
