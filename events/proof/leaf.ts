import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { NewEvent, Recorded } from '../event.ts'

const LEAF = Buffer.from([0])

/**
 * The event's leaf in the organization's Merkle tree: SHA-256 over 0x00 and the event's canonical JSON (RFC 8785, RFC
 * 6962 2.1). Its place in the log is its place in the tree, so it is not part of it.
 * @throws {Error} when a string can't be stored (a NUL character or half a surrogate pair), without quoting it.
 */
export function leafHash(event: Recorded<NewEvent>): Buffer {
  const { organizationId, streamType, streamId, version, eventId, type, schemaVersion, data } = event
  const { actor, correlationId, causationId, commandId, recordedAt } = event
  const json = canonical(type, {
    ...{ organizationId, streamType, streamId, version, eventId, type, schemaVersion, data },
    ...{ actor, correlationId, causationId, commandId, recordedAt: recordedAt.toISOString() },
  })
  // An even run of backslashes before it is text that reads \\u0000; after an odd one the escape is a real NUL.
  if (json === undefined || /(?<!\\)(?:\\\\)*\\u0000/.test(json)) {
    throw new Error(`${type} holds a string that PostgreSQL cannot store`)
  }
  return createHash('sha256').update(LEAF).update(json).digest()
}

/** Half a surrogate pair and numbers outside JSON are what `canonicalize` refuses. */
function canonical(type: string, value: unknown): string | undefined {
  try {
    return canonicalize(value)
  } catch (cause) {
    throw new Error(`${type} holds a value that JSON cannot carry`, { cause })
  }
}
