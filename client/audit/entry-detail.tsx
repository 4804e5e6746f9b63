import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import type { AuditEntry } from '../api.ts'
import { CopyChip } from '../ui/copy.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { exactly } from '../ui/time-words.ts'
import { actorKind } from './actor.tsx'

/** Where that is looked at which an entry is of; null for the organization itself. */
function placeOf({ streamType, streamId }: AuditEntry): string | null {
  switch (streamType) {
    case 'connection':
      return `/settings/git-connections/${streamId}`
    case 'project':
      return `/projects/${streamId}`
    case 'environment':
      return `/environments/${streamId}`
    default:
      return null
  }
}

/** The deployment that an entry tells of; null for other entries. */
function deploymentOf({ streamType, data }: AuditEntry): string | null {
  if (streamType !== 'environment' || typeof data !== 'object' || data === null) return null
  return 'deploymentId' in data && typeof data.deploymentId === 'string' ? data.deploymentId : null
}

/** One entry of the log in full, with the event exactly as recorded. */
export function EntryDetail(props: { entry: AuditEntry }) {
  return (
    <div class="flex flex-col gap-3 text-sm">
      <Facts>
        <Fact name="When">{exactly(props.entry.recordedAt)}</Fact>
        <Fact name="Who">
          {props.entry.actor.name}, {actorKind(props.entry.actor)}
        </Fact>
        <Fact name="What">{props.entry.type}</Fact>
        <Show when={placeOf(props.entry)}>
          <Fact name="On">
            <A class="link" href={placeOf(props.entry) ?? ''}>
              {props.entry.subject ?? `the ${props.entry.streamType}`}
            </A>
            <Show when={props.entry.creator}>
              {(creator) => <span class="text-quiet">, created by {creator().name}</span>}
            </Show>
          </Fact>
        </Show>
        <Show when={deploymentOf(props.entry)}>
          {(id) => (
            <Fact name="Deployment">
              <A class="link" href={`/deployments/${id()}`}>
                Open it
              </A>
            </Fact>
          )}
        </Show>
        <Fact name="Place">
          {props.entry.position} in the log, {props.entry.version} in its stream
        </Fact>
        <Fact name="Event id">
          <CopyChip text={props.entry.eventId} label="the event's id" />
        </Fact>
      </Facts>
      <pre
        tabindex="0"
        class="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-sm whitespace-pre-wrap"
      >
        {JSON.stringify(props.entry, null, 2)}
      </pre>
    </div>
  )
}
