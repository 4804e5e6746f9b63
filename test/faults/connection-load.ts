import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@git-connections/client'
import { z } from 'zod'
import type { Chance } from './chance.ts'
import { type Claim, newClaim } from './ledger.ts'
import { createProgress } from './progress.ts'

/** What a client does next is one of these. */
const HABITS = [...['create', 'toggle', 'toggle', 'validate'], ...['rename', 'rename', 'renameShared', 'renameShared']]
const SHARED = 3
/** A check that took too long for a busy machine is put off. */
const CHECKED = ['ConnectionValidated', 'ValidationDeferred']
/** Between two tries while the server has trouble. */
const AGAIN_MS = 50

const answered = z.object({ data: z.object({ httpStatus: z.number(), domainCode: z.string().nullable() }) })

/** A mutation under its command id, which can be asked for again. */
export interface Deed {
  readonly claim: Claim
  /** Gives the id of the connection that it is about. */
  readonly ask: (client: Client) => Promise<string>
}

export interface LoadOptions {
  /** A way to the server, as soon as it runs. */
  readonly connect: () => Promise<Client>
  readonly chance: Chance
  readonly organizationId: string
  readonly tokens: readonly { provider: 'github' | 'gitlab'; token: string }[]
  /** How many creations and enablings there may be: each leads to a job. */
  readonly jobs: number
}

/** Clients at work on the connections of an organization. */
export interface Load {
  readonly deeds: readonly Deed[]
  /** Refusals that a good client should not meet. */
  readonly refusals: readonly string[]
  /** Answers that tell of trouble in the server. */
  readonly failures: readonly string[]
  /** Resolves after that many further answers. */
  readonly progress: (answers: number) => Promise<void>
  /** Resolves when every client has had the answer to its last request. */
  readonly stop: () => Promise<void>
}

/**
 * Sets clients to work: each changes connections of its own and some that all share, without a break. What had no
 * answer is asked for again under the same command id, until it has one.
 */
export async function startLoad(clients: number, options: LoadOptions): Promise<Load> {
  const { connect, chance, organizationId, tokens } = options
  const deeds: Deed[] = []
  const refusals: string[] = []
  const failures: string[] = []
  const progress = createProgress()
  let stopped = false
  let jobsLeft = options.jobs

  /** Asks until there is an answer; whether it was carried out. */
  async function settle(deed: Deed): Promise<boolean> {
    const { claim } = deed
    deeds.push(deed)
    while (claim.answer === null) await askOnce(deed)
    progress.count()
    return claim.answer === 'acknowledged'
  }

  async function askOnce({ claim, ask }: Deed): Promise<void> {
    const client = await connect()
    try {
      await ask(client)
      claim.answer = 'acknowledged'
    } catch (error) {
      const answer = answered.safeParse(error)
      if (answer.success && answer.data.data.httpStatus < 500) {
        claim.answer = 'refused'
        const { httpStatus, domainCode } = answer.data.data
        // The one refusal that a good client may meet here: others were faster each time.
        if (domainCode !== 'VersionConflict') refusals.push(`${claim.events}: ${httpStatus} ${domainCode} ${error}`)
        return
      }
      if (answer.success) failures.push(`${claim.events}: ${error}`)
      claim.unanswered++
      await pause(AGAIN_MS)
    }
  }

  type Ask = (client: Client['connections'], commandId: string) => Promise<{ id: string }>
  function change(events: readonly string[], connectionId: string, ask: Ask): Promise<boolean> {
    const commandId = randomUUID()
    const claim = newClaim({ commandId, organizationId, streamId: connectionId, events })
    return settle({ claim, ask: async ({ connections }) => (await ask(connections, commandId)).id })
  }

  async function create(name: string): Promise<string> {
    jobsLeft--
    const commandId = randomUUID()
    const { provider, token } = chance.pick(tokens)
    const input = { commandId, provider, name, credential: { kind: 'token' as const, token } }
    // A created connection takes the id of its command.
    const claim = newClaim({ commandId, organizationId, streamId: commandId, events: ['ConnectionCreated'] })
    await settle({ claim, ask: async ({ connections }) => (await connections.create.mutate(input)).id })
    return commandId
  }

  const rename = (connectionId: string, name: string) =>
    change(['ConnectionRenamed'], connectionId, (connections, commandId) =>
      connections.rename.mutate({ connectionId, name, commandId }),
    )

  /** Nobody else turns this one on or off, so each turn changes it. */
  async function toggle(connection: { id: string; enabled: boolean }): Promise<void> {
    const { id: connectionId, enabled } = connection
    if (!enabled) jobsLeft--
    const done = await change(
      [enabled ? 'ConnectionDisabled' : 'ConnectionEnabled'],
      connectionId,
      ({ disable, enable }, commandId) => (enabled ? disable : enable).mutate({ connectionId, commandId }),
    )
    if (done) connection.enabled = !enabled
  }

  const shared = await Promise.all(Array.from({ length: SHARED }, (_, n) => create(`shared ${n}`)))

  async function work(number: number): Promise<void> {
    const own = [{ id: await create(`client ${number}`), enabled: true }]
    for (let turn = 1; !stopped; turn++) {
      const connection = chance.pick(own)
      const { id: connectionId } = connection
      const name = `client ${number} turn ${turn}`
      const habit = chance.pick(HABITS)
      if (habit === 'create' && jobsLeft > 0) own.push({ id: await create(name), enabled: true })
      else if (habit === 'toggle' && (connection.enabled || jobsLeft > 0)) await toggle(connection)
      else if (habit === 'validate') {
        await change(CHECKED, connectionId, ({ validate }, commandId) => validate.mutate({ connectionId, commandId }))
      } else await rename(habit === 'renameShared' ? chance.pick(shared) : connectionId, name)
    }
  }
  const working = Promise.all(Array.from({ length: clients }, (_, number) => work(number)))
  return {
    ...{ deeds, refusals, failures },
    progress: progress.more,
    async stop() {
      stopped = true
      await working
    },
  }
}
