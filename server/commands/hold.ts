import type { NewEvent } from '@git-connections/events'
import { readHead } from '@git-connections/events/store'
import type { StreamAppend } from '@git-connections/events/store/append'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import type { StreamOf } from './decision.ts'

/** A stream as it is now, and the mark by which an append to another one counts on its staying so. */
export async function readAndHold<State, Command, Event extends NewEvent>(
  { store }: Pick<Shell, 'store'>,
  { decider, streamId }: StreamOf<State, Command, Event>,
  { organizationId, commandId }: Cause,
): Promise<{ state: State; hold: StreamAppend }> {
  const { state, version } = await readHead(store.db, store.registry, decider, {
    ...{ organizationId, streamId, commandId },
    inline: [],
  })
  const hold: StreamAppend = {
    ...{ streamType: decider.streamType, streamId, expectedVersion: version },
    ...{ events: [], state, stateVersion: decider.version },
  }
  return { state, hold }
}
