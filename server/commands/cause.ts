import type { Actor } from '@git-connections/events'

/** Who asks, and what tells this request from others. */
export interface Cause {
  readonly actor: Actor
  readonly organizationId: string
  /** The same id with the same request is carried out once. */
  readonly commandId: string
  readonly correlationId: string
  /** The event that led to this command; null when somebody asked. */
  readonly causationId: string | null
}
