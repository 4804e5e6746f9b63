import { connectionEvents } from './connection/events.ts'
import { environmentEvents } from './environment/events.ts'
import type { EventDefinition } from './event.ts'
import { organizationEvents } from './organization/events.ts'
import { projectEvents } from './project/events.ts'

/** Everything that can happen, by the type of the stream that it happens in. */
export const eventsByStream = {
  connection: connectionEvents,
  environment: environmentEvents,
  organization: organizationEvents,
  project: projectEvents,
} as const satisfies Record<string, readonly EventDefinition[]>

export const allEvents: readonly EventDefinition[] = Object.values(eventsByStream).flat()
