import { setTimeout as pause } from 'node:timers/promises'
import { DomainError, type Json, type NewEvent, type Recorded } from '@git-connections/events'
import { type EventStore, type RowChange, readHead } from '@git-connections/events/store'
import { append, type StreamAppend } from '@git-connections/events/store/append'
import { inlineProjectionsOf } from '@git-connections/projections'
import type { Cause } from './cause.ts'
import { decideOn, hashRequest, refuseIfOutdated, type StreamOf } from './decision.ts'

const ATTEMPTS = 16
/** Writers that keep meeting on one stream spread over up to so much time before they try again. */
const LONGEST_PAUSE_MS = 100

/** A command whose decision stands on more than its own stream; all of it must still be so when it is written. */
export interface Grounded<Command> {
  readonly command: Command
  /** Other streams, each as it was read. */
  readonly holds: readonly StreamAppend[]
  /** Whether it depends on who counts on its own stream: nobody may have come to do so since that was read. */
  readonly unlessHeld: boolean
}

/** What was done: the events with their places, or that this very command had been carried out before. */
export interface Execution<State> {
  readonly state: State
  readonly version: number
  readonly events: readonly Recorded[]
  /** Position of the last event in the organization's log; null when nothing was appended. */
  readonly position: number | null
  readonly repeated: boolean
}

/**
 * Loads a stream, decides, appends; starts over when another writer was faster. Every write goes through here: one
 * read, one write.
 * @throws {DomainError} what the decider refuses; CommandReused; VersionConflict when others keep being faster.
 */
export async function execute<State, Command, Event extends NewEvent>(
  shell: { store: EventStore; clock: () => Date },
  stream: StreamOf<State, Command, Event>,
  /** The command, or how to find the ground for it once the stream was read; that is asked anew at each attempt. */
  command: Command | ((state: State) => Promise<Grounded<Command>>),
  by: Cause,
  /** `request` is what was asked, without secrets; rows written beside the events, such as a sealed credential. */
  options: { request?: Json; rows?: (state: State, events: readonly Event[]) => readonly RowChange[] } = {},
): Promise<Execution<State>> {
  const { decider, streamId } = stream
  const { organizationId, commandId } = by
  const inline = inlineProjectionsOf(decider.streamType)
  const requestHash = hashRequest(decider.streamType, streamId, options.request ?? null)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const head = await readHead(shell.store.db, shell.store.registry, decider, {
      organizationId,
      streamId,
      commandId,
      inline: inline.map(({ name, key }) => ({ table: name, key })),
    })
    if (head.receipt) {
      if (!head.receipt.equals(requestHash)) {
        throw new DomainError('CommandReused', 'This commandId was used before for another request. Use a new one.')
      }
      return { state: head.state, version: head.version, events: [], position: null, repeated: true }
    }
    const grounded = isMaker(command) ? await command(head.state) : { command, holds: [], unlessHeld: false }
    const recordedAt = shell.clock()
    const { state, decided, events, ...writes } = decideOn(stream, head, grounded.command, { by, recordedAt })
    const outcome = await append(shell.store, {
      organizationId,
      commandId,
      requestHash,
      recordedAt,
      streams: [{ ...writes.append, ...(grounded.unlessHeld ? { expectedHeld: head.held } : {}) }, ...grounded.holds],
      rows: [...writes.rows, ...(options.rows?.(head.state, decided) ?? [])],
      projections: inline.map(({ name, version }) => ({ name, version })),
    })
    if (outcome.is === 'conflict') {
      await pause(Math.random() * Math.min(5 * 2 ** (attempt - 1), LONGEST_PAUSE_MS))
      continue
    }
    const last = events.at(-1)
    return {
      state,
      version: head.version + events.length,
      events,
      position: last ? (outcome.positions.get(last.eventId) ?? null) : null,
      repeated: false,
    }
  }
  await refuseIfOutdated(shell.store, inline)
  throw new DomainError('VersionConflict', 'Others changed this at the same moment. Try again.')
}

function isMaker<State, Command>(
  command: Command | ((state: State) => Promise<Grounded<Command>>),
): command is (state: State) => Promise<Grounded<Command>> {
  return typeof command === 'function'
}
