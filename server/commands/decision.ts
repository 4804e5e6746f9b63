import { createHash } from 'node:crypto'
import {
  type Decider,
  DomainError,
  type EventDefinition,
  fold,
  type Json,
  type NewEvent,
  type Recorded,
} from '@git-connections/events'
import type { EventStore, Head, RowChange } from '@git-connections/events/store'
import type { StreamAppend } from '@git-connections/events/store/append'
import { foldRow, inlineProjectionsOf } from '@git-connections/projections'
import canonicalize from 'canonicalize'
import { v7 as uuidv7 } from 'uuid'
import type { Cause } from './cause.ts'

/** A stream by its rules and its id. */
export interface StreamOf<State, Command, Event extends NewEvent> {
  readonly decider: Decider<State, Command, Event>
  readonly streamId: string
}

/** What a command on one stream leads to, as it is written. */
export interface Decision<State, Event extends NewEvent> {
  readonly state: State
  readonly decided: readonly Event[]
  readonly events: readonly Recorded<Event>[]
  readonly append: StreamAppend
  /** The rows of the inline projections. */
  readonly rows: readonly RowChange[]
}

/**
 * Decides on a stream as it was read, and folds state and rows.
 * @throws {DomainError} what the decider refuses.
 */
export function decideOn<State, Command, Event extends NewEvent>(
  { decider, streamId }: StreamOf<State, Command, Event>,
  head: Head<State>,
  command: Command,
  { by, recordedAt }: { by: Cause; recordedAt: Date },
): Decision<State, Event> {
  const decided = decider.decide(command, head.state)
  const events = decided.map((event, index) =>
    record(event, { stream: { decider, streamId }, by, recordedAt, version: head.version + index + 1 }),
  )
  const state = fold(decider, head.state, decided)
  return {
    ...{ state, decided, events },
    append: {
      ...{ streamType: decider.streamType, streamId, expectedVersion: head.version, events },
      ...{ state, stateVersion: decider.version },
    },
    rows: inlineProjectionsOf(decider.streamType).flatMap((projection) =>
      foldRow(projection, head.rows.get(projection.name), events),
    ),
  }
}

/** An append is void when a newer program has swapped in projections that this process does not know. */
export async function refuseIfOutdated(
  store: EventStore,
  inline: readonly { name: string; version: number }[],
): Promise<void> {
  const live = await store.db.selectFrom('live_projection').selectAll().execute()
  const changed = inline.find(({ name, version }) => live.find((row) => row.name === name)?.version !== version)
  if (!changed) return
  throw new DomainError(
    'ProjectionChanged',
    `The view ${changed.name} was rebuilt by another version of this program. Restart the server, then try again.`,
  )
}

function record<Event extends NewEvent>(
  event: Event,
  at: {
    stream: { decider: { streamType: string; events: readonly EventDefinition[] }; streamId: string }
    by: Cause
    recordedAt: Date
    version: number
  },
): Recorded<Event> {
  const definition = at.stream.decider.events.find(({ type }) => type === event.type)
  if (!definition) throw new Error(`${event.type} is not declared`)
  const { organizationId, actor, correlationId, causationId, commandId } = at.by
  return {
    ...event,
    ...{ organizationId, actor, correlationId, causationId, commandId },
    streamType: at.stream.decider.streamType,
    streamId: at.stream.streamId,
    version: at.version,
    eventId: uuidv7(),
    schemaVersion: definition.version,
    recordedAt: at.recordedAt,
  }
}

/** Tells a repetition of a command from another one under the same id. */
export function hashRequest(streamType: string, streamId: string, request: Json): Buffer {
  return createHash('sha256')
    .update(canonicalize({ streamType, streamId, request }) ?? '')
    .digest()
}
