import type { z } from 'zod'
import type { EventDefinition, NewEvent } from './event.ts'

/** The rules of one kind of stream, pure: what a command leads to, and what an event makes of the state. */
export interface Decider<State, Command, Event extends NewEvent> {
  /** Stored with every stream's head; folded state of another version is folded again from the events. */
  readonly version: number
  readonly streamType: string
  /** What can happen in such a stream. */
  readonly events: readonly EventDefinition[]
  /** The state's shape, to read it back from the stream's head. */
  readonly state: z.ZodType<State>
  readonly initialState: State
  /** @throws {DomainError} when the command is refused in this state. An empty list means: nothing to do. */
  decide(command: Command, state: State): readonly Event[]
  evolve(state: State, event: Event): State
  /** Whether an event read from the log is of this kind of stream. */
  owns<Read extends NewEvent>(event: Read): event is Read & Event
}

/** The state after these events. */
export function fold<State, Event extends NewEvent>(
  decider: Pick<Decider<State, never, Event>, 'evolve'>,
  state: State,
  events: Iterable<Event>,
): State {
  let folded = state
  for (const event of events) folded = decider.evolve(folded, event)
  return folded
}
