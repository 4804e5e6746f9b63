import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type ConnectionCommand, DomainError } from '@git-connections/events'
import type { EventStore } from '@git-connections/events/store'
import type { Chance } from './chance.ts'
import { command, create } from './history.ts'
import { type Claim, newClaim } from './ledger.ts'
import { createProgress } from './progress.ts'

/** Between two tries while the database is away. */
const AGAIN_MS = 20
const SHARED = 3

/** Writers at work on the log of some organizations. */
export interface StoreLoad {
  readonly claims: readonly Claim[]
  /** Refusals that a good writer should not meet. */
  readonly refusals: readonly string[]
  /** How many commands without an answer had been carried out all the same, as their repetition found. */
  readonly foundDone: () => number
  /** Resolves after that many further answers. */
  readonly progress: (answers: number) => Promise<void>
  /** Resolves when every writer has had its last answer. */
  readonly stop: () => Promise<void>
}

/**
 * Sets writers to work, on several stores in turn: each writes to streams of its own and to some that all share. What
 * had no answer is tried again under the same command id, until it has one.
 */
export function startStoreLoad(
  writers: number,
  options: { stores: readonly EventStore[]; organizations: readonly string[]; chance: Chance },
): StoreLoad {
  const { stores, organizations, chance } = options
  const claims: Claim[] = []
  const refusals: string[] = []
  const progress = createProgress()
  let foundDone = 0
  let stopped = false

  async function carryOut(store: EventStore, claim: Claim, what: ConnectionCommand): Promise<void> {
    claims.push(claim)
    const { organizationId, streamId: connectionId, commandId } = claim
    while (claim.answer === null) {
      try {
        const { repeated } = await command(store, { organizationId, connectionId, commandId }, what)
        if (repeated) foundDone++
        claim.answer = 'acknowledged'
      } catch (error) {
        if (error instanceof DomainError) {
          claim.answer = 'refused'
          // The one refusal that a good writer may meet here: others were faster each time.
          if (error.code !== 'VersionConflict') refusals.push(`${claim.events}: ${error.code} ${error.message}`)
        } else {
          claim.unanswered++
          await pause(AGAIN_MS)
        }
      }
    }
    progress.count()
  }

  const changing = (event: string, organizationId: string, streamId: string) =>
    newClaim({ commandId: randomUUID(), organizationId, streamId, events: [event] })

  async function createStream(store: EventStore, organizationId: string): Promise<string> {
    const connectionId = randomUUID()
    await carryOut(store, changing('ConnectionCreated', organizationId, connectionId), create())
    return connectionId
  }

  async function work(number: number, shared: ReadonlyMap<string, string[]>): Promise<void> {
    for (let turn = 1; !stopped; turn++) {
      const store = chance.pick(stores)
      const organizationId = chance.pick(organizations)
      const fresh = turn % 5 === 1
      const connectionId = fresh
        ? await createStream(store, organizationId)
        : chance.pick(shared.get(organizationId) ?? [])
      const name = `writer ${number} turn ${turn}`
      const claim = changing('ConnectionRenamed', organizationId, connectionId)
      await carryOut(chance.pick(stores), claim, { type: 'RenameConnection', name })
    }
  }

  async function begin(): Promise<void> {
    const shared = new Map<string, string[]>()
    for (const organizationId of organizations) {
      const streams = Array.from({ length: SHARED }, () => createStream(chance.pick(stores), organizationId))
      shared.set(organizationId, await Promise.all(streams))
    }
    await Promise.all(Array.from({ length: writers }, (_, number) => work(number, shared)))
  }
  const working = begin()
  return {
    ...{ claims, refusals, progress: progress.more, foundDone: () => foundDone },
    async stop() {
      stopped = true
      await working
    },
  }
}
