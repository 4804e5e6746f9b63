import { z } from 'zod'

/** A JSON value as PostgreSQL's jsonb gives it back. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

type Upcast = (data: never) => unknown

/** What can be recorded under one type name: its current shape and how older shapes are lifted to it. */
export interface EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly type: Type
  /** The shape of `data` written today, from 1. */
  readonly version: number
  readonly data: Schema
  /** `upcast[n]` lifts data of version n to n + 1; once released it is never edited. */
  readonly upcast: Readonly<Record<number, Upcast>>
}

/**
 * Declares an event.
 * @throws {Error} when a version between 1 and the current one has no upcaster.
 */
export function defineEvent<const Type extends string, Schema extends z.ZodType>(
  type: Type,
  options: { version: number; data: Schema; upcast?: Readonly<Record<number, Upcast>> },
): EventDefinition<Type, Schema> {
  const upcast = options.upcast ?? {}
  for (let version = 1; version < options.version; version++) {
    if (!upcast[version]) throw new Error(`${type} has no upcaster from version ${version}`)
  }
  return { type, version: options.version, data: options.data, upcast }
}

/** The event as the decider makes it: its name and its data. */
export type EventOf<Definition> =
  Definition extends EventDefinition<infer Type, infer Schema> ? { type: Type; data: z.infer<Schema> } : never

/** An event of any stream, before it is recorded. */
export interface NewEvent {
  readonly type: string
  readonly data: unknown
}

/** Who did it: a person, a program by its key, a job of ours, or a provider's webhook; the name as it was then. */
export const actorSchema = z.object({
  kind: z.enum(['person', 'key', 'job', 'provider', 'operator']),
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(200),
})
export type Actor = z.infer<typeof actorSchema>

/** What every recorded event carries beside its type and data. */
export interface Envelope {
  readonly organizationId: string
  readonly streamType: string
  readonly streamId: string
  /** Place in its stream, from 1. */
  readonly version: number
  readonly eventId: string
  readonly schemaVersion: number
  readonly actor: Actor
  readonly correlationId: string
  /** The event that made this one happen; null when a person or program asked for it. */
  readonly causationId: string | null
  readonly commandId: string
  readonly recordedAt: Date
}

/** An event that has its place in its stream; what inline projections fold. */
export type Recorded<Event extends NewEvent = NewEvent> = Event & Envelope

/** An event that has its place in the organization's log too. */
export type Logged<Event extends NewEvent = NewEvent> = Recorded<Event> & {
  /** Place in the organization's log: 1, 2, 3, ... without gaps. */
  readonly position: number
}

/** The stored form could not be read: unknown type, a version from the future, or data that breaks its schema. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent'
}

/** The events that a reader understands, by type. */
export type EventRegistry = ReadonlyMap<string, EventDefinition>

/** Collects definitions for a reader. */
export function createRegistry(definitions: readonly EventDefinition[]): EventRegistry {
  return new Map(definitions.map((definition) => [definition.type, definition]))
}

/**
 * Lifts stored data to the shape of today and checks it.
 * @throws {UnreadableEvent} naming type and version; never with the data in its message.
 */
export function readData(
  registry: EventRegistry,
  stored: { type: string; schemaVersion: number; data: unknown },
): unknown {
  const definition = registry.get(stored.type)
  if (!definition) throw new UnreadableEvent(`No reader for ${stored.type}`)
  if (stored.schemaVersion > definition.version) {
    throw new UnreadableEvent(
      `${stored.type} version ${stored.schemaVersion} is newer than this program (${definition.version})`,
    )
  }
  let data = stored.data
  for (let version = stored.schemaVersion; version < definition.version; version++) {
    const upcast = definition.upcast[version]
    if (!upcast) throw new UnreadableEvent(`${stored.type} version ${version} has no upcaster`)
    data = Reflect.apply(upcast, undefined, [data])
  }
  const parsed = definition.data.safeParse(data)
  if (!parsed.success)
    throw new UnreadableEvent(`${stored.type} version ${stored.schemaVersion} does not fit its schema`)
  return parsed.data
}
