import { type Decider, DomainError, type Json, type NewEvent } from '@git-connections/events'
import { type EventStore, readHead } from '@git-connections/events/store'
import { append, type StreamAppend } from '@git-connections/events/store/append'
import { inlineProjectionsOf } from '@git-connections/projections'
import type { Cause } from './cause.ts'
import { decideOn, hashRequest, refuseIfOutdated } from './decision.ts'

const ATTEMPTS = 5

/**
 * Carries out commands on several streams of one kind at once: all of them or none. Starts over when another writer
 * was faster.
 * @throws {DomainError} what the decider refuses; CommandReused; VersionConflict when others keep being faster.
 */
export async function executeTogether<State, Command, Event extends NewEvent>(
  shell: { store: EventStore; clock: () => Date },
  decider: Decider<State, Command, Event>,
  {
    commands,
    holds,
    request,
  }: {
    /** By the id of the stream. */
    commands: ReadonlyMap<string, Command>
    /** Reads the other streams that all of it stands on, anew at each attempt. */
    holds: () => Promise<readonly StreamAppend[]>
    request: Json
  },
  by: Cause,
): Promise<void> {
  const { organizationId, commandId } = by
  const inline = inlineProjectionsOf(decider.streamType)
  const requestHash = hashRequest(decider.streamType, 'several', request)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const read = (streamId: string) =>
      readHead(shell.store.db, shell.store.registry, decider, {
        ...{ organizationId, streamId, commandId },
        inline: inline.map(({ name, key }) => ({ table: name, key })),
      })
    const heads = await Promise.all(
      [...commands].map(async ([streamId, command]) => ({ streamId, command, head: await read(streamId) })),
    )
    const receipt = heads.find(({ head }) => head.receipt)?.head.receipt
    if (receipt) {
      if (receipt.equals(requestHash)) return
      throw new DomainError('CommandReused', 'This commandId was used before for another request. Use a new one.')
    }
    const recordedAt = shell.clock()
    const decisions = heads.map(({ streamId, command, head }) =>
      decideOn({ decider, streamId }, head, command, { by, recordedAt }),
    )
    const outcome = await append(shell.store, {
      ...{ organizationId, commandId, requestHash, recordedAt },
      streams: [...decisions.map((decision) => decision.append), ...(await holds())],
      rows: decisions.flatMap(({ rows }) => rows),
      projections: inline.map(({ name, version }) => ({ name, version })),
    })
    if (outcome.is === 'appended') return
  }
  await refuseIfOutdated(shell.store, inline)
  throw new DomainError('VersionConflict', 'Others changed this at the same moment. Look again, then try again.')
}
