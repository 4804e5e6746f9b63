import { Show } from 'solid-js'
import type { AuditEntry } from '../api.ts'
import { Time } from '../ui/time.tsx'

/** One entry of the log in words; opens to the event exactly as recorded. */
export function EntryLine(props: { entry: AuditEntry }) {
  return (
    <details class="py-1.5">
      <summary class="flex flex-wrap gap-x-3">
        <span class="w-14 text-quiet">
          <Time at={props.entry.recordedAt} as="clock" />
        </span>
        <span class="font-medium">{props.entry.actor.name}</span>
        <span class="min-w-0 flex-1">
          {props.entry.summary}
          <Show when={props.entry.subject}>{(subject) => <span class="text-quiet"> · {subject()}</span>}</Show>
        </span>
        <span class="text-sm text-quiet">{props.entry.actor.kind}</span>
      </summary>
      <pre
        tabindex="0"
        class="mt-2 max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-sm whitespace-pre-wrap"
      >
        {JSON.stringify(props.entry, null, 2)}
      </pre>
    </details>
  )
}
