import { DomainError, type LinkedConnection } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import type { Cause } from '../commands/cause.ts'
import { executeOnConnection } from '../commands/connection.ts'
import type { TokenSet } from '../providers/oauth/grant.ts'
import type { BrokerWorld } from './broker.ts'
import { endTokens } from './end-grant.ts'
import { factsOf } from './facts.ts'
import type { ConnectionKey } from './lease.ts'

const TRY_FOR_MS = 60_000
const TRY_AGAIN_MS = 100

type Renewal = ConnectionKey & { readonly by: Cause }

/**
 * Puts a new pair in the place of the one of that version, sealed and on record in one statement. It comes before
 * anything else: until then the pair is nowhere but in this process.
 */
export async function storePair(
  world: BrokerWorld,
  request: Renewal,
  linked: LinkedConnection,
  tokens: TokenSet,
): Promise<void> {
  const { credential, credentialVersion } = linked
  if (credential.kind !== 'oauth') throw new Error('Only a grant can be refreshed')
  const old = placeOf(request, credentialVersion)
  const next = placeOf(request, credentialVersion + 1)
  const facts = factsOf(tokens, { clientId: credential.clientId, before: credential })
  const fingerprint = world.vault.fingerprint(tokens.accessToken)
  const at = world.clock()
  const rows = [
    world.vault.seal({ ...next, field: 'accessToken' }, tokens.accessToken, at),
    world.vault.seal({ ...next, field: 'refreshToken' }, tokens.refreshToken ?? '', at),
    world.vault.remove({ ...old, field: 'accessToken' }),
    world.vault.remove({ ...old, field: 'refreshToken' }),
  ]
  const command = { type: 'CompleteRefresh', credentialVersion, fingerprint, credential: facts } as const
  // One id for all tries: one that was carried out, and whose answer was lost, is known again by it.
  const by = { ...request.by, commandId: uuidv7() }
  const stored = await insist(world, () =>
    executeOnConnection(world, request.connectionId, command, by, {
      request: { refresh: request.connectionId, fingerprint },
      rows: (_state, events) => (events.length > 0 ? rows : []),
    }),
  )
  // Deleted or reconnected meanwhile: nobody will ever use what came late.
  if (stored.events.length === 0 && !stored.repeated) await endTokens(world, { ...request, linked }, tokens)
}

/** A database that is away for a moment, or others who write to the same stream, must not cost the pair. */
async function insist<Result>(world: BrokerWorld, work: () => Promise<Result>): Promise<Result> {
  const until = Date.now() + TRY_FOR_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const refused = error instanceof DomainError && error.code !== 'VersionConflict'
      if (refused || Date.now() > until) throw error
      world.log.error({ err: error }, 'new tokens could not be stored; trying again')
      await world.pause(TRY_AGAIN_MS)
    }
  }
}

/** Where the tokens of a version lie; each under a field of its own. */
export function placeOf({ organizationId, connectionId }: ConnectionKey, version: number) {
  return { organizationId, connectionId, version }
}
