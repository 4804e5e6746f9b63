import { Show } from 'solid-js'
import { lostSince } from '../live.ts'
import { clockOrDay } from '../ui/time-words.ts'

/** The thin line that tells when the page shows what was and not what is. */
export function LiveLine() {
  return (
    <Show when={lostSince()}>
      {(since) => (
        <div role="status" class="fixed inset-x-0 top-0 z-30 border-t-2 border-late text-center">
          <span class="inline-block rounded-b-md border border-t-0 border-late bg-raised px-3 py-0.5 text-sm">
            Reconnecting ... showing what was known at {clockOrDay(since(), Date.now())}
          </span>
        </div>
      )}
    </Show>
  )
}
