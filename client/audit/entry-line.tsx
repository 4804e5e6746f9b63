import { createSignal, Show } from 'solid-js'
import type { AuditEntry } from '../api.ts'
import { Time } from '../ui/time.tsx'
import { Actor } from './actor.tsx'
import { EntryDetail } from './entry-detail.tsx'

/** One entry in the history of one thing, in words; opens to the event exactly as recorded. */
export function EntryLine(props: { entry: AuditEntry }) {
  const [open, setOpen] = createSignal(false)
  return (
    <details class="border-b border-line" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="entry-row">
        <span class="text-quiet">
          <Time at={props.entry.recordedAt} as="dayAndClock" />
        </span>
        <Actor actor={props.entry.actor} />
        <span class="min-w-0">{props.entry.summary}</span>
      </summary>
      <Show when={open()}>
        <div class="px-2 pt-2 pb-4">
          <EntryDetail entry={props.entry} />
        </div>
      </Show>
    </details>
  )
}

/**
 * One entry in a list by days, with what it happened to. It opens below its line; on wide windows the place beside the
 * list shows it instead.
 */
export function ListedEntry(props: { entry: AuditEntry; open: boolean; onTurn: (open: boolean) => void }) {
  return (
    <details
      class="border-b border-line"
      open={props.open}
      onToggle={(event) => {
        const { open } = event.currentTarget
        if (open !== props.open) props.onTurn(open)
      }}
    >
      <summary class="entry-row entry-row-listed">
        <span class="text-quiet">
          <Time at={props.entry.recordedAt} as="clock" />
        </span>
        <Actor actor={props.entry.actor} />
        <span class="min-w-0 font-medium min-[800px]:truncate" title={props.entry.subject ?? undefined}>
          {props.entry.subject}
        </span>
        <span class="min-w-0 min-[800px]:truncate">{props.entry.summary}</span>
      </summary>
      <Show when={props.open}>
        <div class="px-2 pt-2 pb-4 min-[1200px]:hidden">
          <EntryDetail entry={props.entry} />
        </div>
      </Show>
    </details>
  )
}
