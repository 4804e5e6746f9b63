import { createHash } from 'node:crypto'
import { type Connection, type ConnectionEvent, connection, fold, type Recorded } from '@git-connections/events'
import type { EventStore } from '@git-connections/events/store'
import { type Append, append } from '@git-connections/events/store/append'
import { foldRow, inlineProjectionsOf } from '@git-connections/projections'
import { v7 as uuidv7 } from 'uuid'
import { created, disabled, validated } from '../events/connection/examples.ts'

const ACTOR = { kind: 'person' as const, id: '018f6b1e-0000-7000-8000-000000000000', name: 'Ada Lovelace' }
/** How many streams are filled at once. */
const WRITERS = 64

/** An event whose data is about 400 bytes, the size that the goals were set with. */
export const padded: ConnectionEvent = { type: 'ConnectionDisabled', data: { reason: 'r'.repeat(385) } }

/** What happens to a connection in a quiet year: mostly checks that went well. */
const LIFE: readonly ConnectionEvent[] = [
  created,
  ...[1, 2, 3, 4].map(() => validated('active')),
  disabled,
  { type: 'ConnectionEnabled', data: {} },
  validated('active'),
  { type: 'ConnectionRenamed', data: { name: 'Another name' } },
  validated('active'),
]

/** A connection's stream: makes the append of its next events with everything that a command writes beside them. */
export interface Growing {
  readonly streamId: string
  readonly next: (events: readonly ConnectionEvent[]) => Append
}

export function startStream(organizationId: string): Growing {
  const streamId = uuidv7()
  const inline = inlineProjectionsOf(connection.streamType)
  const rows = new Map<string, unknown>()
  let state: Connection = connection.initialState
  let version = 0
  return {
    streamId,
    next(events) {
      const commandId = uuidv7()
      const recordedAt = new Date()
      const recorded = events.map(
        (event, index): Recorded<ConnectionEvent> => ({
          ...event,
          ...{ organizationId, streamType: connection.streamType, streamId, version: version + index + 1 },
          ...{ eventId: uuidv7(), schemaVersion: schemaVersionOf(event), actor: ACTOR },
          ...{ correlationId: commandId, causationId: null, commandId, recordedAt },
        }),
      )
      state = fold(connection, state, events)
      const changes = inline.flatMap((projection) => foldRow(projection, rows.get(projection.name), recorded))
      for (const { table, values } of changes) rows.set(table, values)
      const expectedVersion = version
      version += events.length
      return {
        ...{ organizationId, commandId, recordedAt, rows: changes },
        requestHash: createHash('sha256').update(commandId).digest(),
        streams: [
          {
            ...{ streamType: connection.streamType, streamId, expectedVersion },
            ...{ events: recorded, state, stateVersion: connection.version },
          },
        ],
        projections: inline.map((projection) => ({ name: projection.name, version: projection.version })),
      }
    },
  }
}

function schemaVersionOf(event: ConnectionEvent): number {
  return connection.events.find(({ type }) => type === event.type)?.version ?? 1
}

/** Fills an organization's log with connections of ten events each. */
export async function fillLog(store: EventStore, organizationId: string, events: number): Promise<void> {
  let left = Math.ceil(events / LIFE.length)
  const writer = async () => {
    while (left-- > 0) await append(store, startStream(organizationId).next(LIFE))
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
}

/** Makes one stream of so many events. */
export async function growTo(store: EventStore, organizationId: string, length: number): Promise<string> {
  const stream = startStream(organizationId)
  await append(store, stream.next([created]))
  const rest = Array.from({ length: length - 1 }, () => validated('active'))
  for (let start = 0; start < rest.length; start += 500) {
    await append(store, stream.next(rest.slice(start, start + 500)))
  }
  return stream.streamId
}
