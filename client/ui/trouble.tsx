import { Show } from 'solid-js'
import { explain } from '../api.ts'
import { Button } from './button.tsx'

/** What went wrong, in words, and the way to try again. */
export function Trouble(props: { error: unknown; onRetry?: () => void }) {
  return (
    <Show when={props.error}>
      <div role="alert" class="flex flex-wrap items-center gap-3 rounded-md border border-bad p-3">
        <span class="min-w-0 flex-1">{explain(props.error)}</span>
        <Show when={props.onRetry}>{(retry) => <Button onClick={() => retry()()}>Try again</Button>}</Show>
      </div>
    </Show>
  )
}
