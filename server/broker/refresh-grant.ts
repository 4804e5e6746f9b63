import { DomainError, type LinkedConnection } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import { executeOnConnection, readLinked } from '../commands/connection.ts'
import type { Cause } from '../commands/execute.ts'
import type { GrantOutcome } from '../providers/oauth/grant.ts'
import { firstCheck } from '../providers/provider.ts'
import type { Place } from '../vault/place.ts'
import type { BrokerWorld } from './broker.ts'
import { endTokens } from './end-grant.ts'
import { factsOf } from './facts.ts'
import { type ConnectionKey, heldUntil, type Lease, takeLease } from './lease.ts'
import { cutOff, judgeRefresh, leftUndone, type RefreshFailure, stillOpen } from './refresh-verdict.ts'

const LOOK_AGAIN_MS = 100
const APPEND_TRIES_MS = 60_000
/** Two calls and a look at the old pair in between, each within the deadline of a call, and some time around them. */
const WAIT_AT_MOST_MS = 150_000

/** What is to be refreshed and when that is not needed (any more). */
export interface RefreshRequest extends ConnectionKey {
  readonly by: Cause
  readonly enough: (linked: LinkedConnection) => boolean
}

/**
 * Sees to it that the connection's access token is `enough`. One server at a time asks the provider; the others wait
 * and find its result. What came of it is in the log before anything else is done with it.
 * @throws {DomainError} RefreshFailed when there is no new pair; the log and the card say why.
 */
export async function refreshGrant(world: BrokerWorld, request: RefreshRequest): Promise<LinkedConnection> {
  const givenUpAt = Date.now() + WAIT_AT_MOST_MS
  for (;;) {
    const linked = await readCurrent(world, request)
    if (request.enough(linked)) return linked
    refuseIfHopeless(linked, { now: world.clock(), by: request.by })
    const lease = await takeLease(world.db, request, world.leaseMs)
    if (lease) {
      const done = await underLease(world, request, lease).finally(() => lease.release())
      if (done) return done
    }
    if (Date.now() > givenUpAt) {
      throw new DomainError('RefreshFailed', 'Another refresh of this token takes long. Try again in a minute.')
    }
    await world.pause(LOOK_AGAIN_MS)
  }
}

/** Null when a use of the old token runs, which a refresh would cut off. */
async function underLease(world: BrokerWorld, request: RefreshRequest, lease: Lease): Promise<LinkedConnection | null> {
  const linked = await readCurrent(world, request)
  if (request.enough(linked)) return linked
  refuseIfHopeless(linked, { now: world.clock(), by: request.by })
  if (await heldUntil(world.db, request, linked.credentialVersion)) return null
  const before = linked.refresh
  if (before?.is === 'running') {
    // Its holder is gone, since the lease is ours.
    await fail(world, request, linked, before.attemptId, cutOff('A refresh was cut off.'))
  }
  return attempt(world, request, lease)
}

async function attempt(world: BrokerWorld, request: RefreshRequest, lease: Lease): Promise<LinkedConnection> {
  const linked = await readCurrent(world, request)
  if (request.enough(linked)) return linked
  await lease.renew()
  const old = linked.refresh?.is === 'unknown' ? await oldPairWorks(world, request, linked) : null
  if (linked.refresh && (old === 'yes' || old === 'unanswered')) {
    const now = world.clock()
    const failure = old === 'yes' ? leftUndone(linked, now) : stillOpen(linked, now)
    await fail(world, request, linked, linked.refresh.attemptId, failure)
    throw new DomainError('RefreshFailed', failure.message)
  }
  const { credentialVersion } = linked
  const attemptId = uuidv7()
  await lease.renew()
  await execute(world, request, { type: 'StartRefresh', credentialVersion, attemptId })
  const outcome = await askForPair(world, request, linked)
  if (outcome.is === 'granted') return store(world, request, linked, outcome)
  const failure = judgeRefresh(outcome, linked, { now: world.clock(), lost: old === 'no' })
  await fail(world, request, linked, attemptId, failure)
  // Looked at once, there and then: whether the old pair still works decides what can be tried.
  if (failure.failure === 'unknown' && failure.status === null) return attempt(world, request, lease)
  throw new DomainError('RefreshFailed', failure.message)
}

function readCurrent(world: BrokerWorld, { connectionId, by }: RefreshRequest): Promise<LinkedConnection> {
  return readLinked(world, connectionId, by)
}

/** A definite no stays one until somebody reconnects; the pause after a failure is kept, unless a person asks. */
function refuseIfHopeless({ refresh, status }: LinkedConnection, { now, by }: { now: Date; by: Cause }): void {
  if (!refresh || refresh.is === 'running') return
  const final = status === 'revoked' || status === 'expired' || (refresh.is === 'unknown' && status === 'error')
  const paused = by.actor.kind === 'job' && refresh.retryAt !== null && Date.parse(refresh.retryAt) > now.getTime()
  if ((refresh.is !== 'notDone' && final) || paused) {
    throw new DomainError(
      'RefreshFailed',
      refresh.message ?? 'The token could not be refreshed. Reconnect the account.',
    )
  }
}

async function askForPair(
  world: BrokerWorld,
  request: RefreshRequest,
  linked: LinkedConnection,
): Promise<GrantOutcome> {
  const { organizationId, by } = request
  const { provider, baseUrl, credential, credentialVersion } = linked
  if (credential.kind !== 'oauth') throw new Error('Only a grant can be refreshed')
  const use = { actor: by.actor, purpose: 'refresh', correlationId: by.correlationId } as const
  const known = await world.applications.find(organizationId, { provider, baseUrl })
  if (!known || known.clientId !== credential.clientId) {
    const message = `The OAuth application ${credential.clientId} that this account was linked with is not set any more.`
    const call = { method: 'POST', url: baseUrl, status: null, requestId: null, durationMs: 0, answer: 'not asked' }
    return { is: 'refused', fault: 'client', code: 'application_missing', message, call }
  }
  return world.applications.use(organizationId, known, use, (application) =>
    world.open(placeOf(request, 'refreshToken', credentialVersion), use, (refreshToken) =>
      world.reach(linked.certificateAuthority).oauth.refresh(application, refreshToken),
    ),
  )
}

/** Asks once with the old access token: if it still works, the provider never acted on the refresh. */
async function oldPairWorks(
  world: BrokerWorld,
  request: RefreshRequest,
  linked: LinkedConnection,
): Promise<'yes' | 'no' | 'unanswered'> {
  const { by } = request
  const use = { actor: by.actor, purpose: 'refresh', correlationId: by.correlationId } as const
  return world.open(placeOf(request, 'accessToken', linked.credentialVersion), use, async (token) => {
    const { provider, baseUrl, certificateAuthority } = linked
    const instance = { baseUrl, prior: firstCheck, kind: 'oauth' } as const
    const verdict = await world.reach(certificateAuthority).providers[provider].checkToken(token, instance)
    if (verdict.is === 'unanswered') return 'unanswered'
    return verdict.is === 'answered' && verdict.outcome === 'active' ? 'yes' : 'no'
  })
}

type Granted = Extract<GrantOutcome, { is: 'granted' }>

/** Stores the new pair before anything else: until then it is nowhere but in this process. */
async function store(
  world: BrokerWorld,
  request: RefreshRequest,
  linked: LinkedConnection,
  { tokens }: Granted,
): Promise<LinkedConnection> {
  const { credential, credentialVersion } = linked
  if (credential.kind !== 'oauth') throw new Error('Only a grant can be refreshed')
  const next = credentialVersion + 1
  const facts = factsOf(tokens, { clientId: credential.clientId, before: credential })
  const fingerprint = world.vault.fingerprint(tokens.accessToken)
  const at = world.clock()
  const rows = [
    world.vault.seal(placeOf(request, 'accessToken', next), tokens.accessToken, at),
    world.vault.seal(placeOf(request, 'refreshToken', next), tokens.refreshToken ?? '', at),
    world.vault.remove(placeOf(request, 'accessToken', credentialVersion)),
    world.vault.remove(placeOf(request, 'refreshToken', credentialVersion)),
  ]
  const command = { type: 'CompleteRefresh', credentialVersion, fingerprint, credential: facts } as const
  const stored = await insist(world, () =>
    executeOnConnection(
      world,
      request.connectionId,
      command,
      { ...request.by, commandId: uuidv7() },
      {
        request: { refresh: request.connectionId, fingerprint },
        rows: (_state, events) => (events.length > 0 ? rows : []),
      },
    ),
  )
  // Deleted or reconnected meanwhile: nobody will ever use what came late.
  if (stored.events.length === 0) await endTokens(world, { ...request, linked }, tokens)
  return readCurrent(world, request)
}

/** A database that is away for a moment must not cost the pair. */
async function insist<Result>(world: BrokerWorld, work: () => Promise<Result>): Promise<Result> {
  const until = Date.now() + APPEND_TRIES_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof DomainError || Date.now() > until) throw error
      world.log.error({ err: error }, 'new tokens could not be stored; trying again')
      await world.pause(LOOK_AGAIN_MS)
    }
  }
}

function fail(
  world: BrokerWorld,
  request: RefreshRequest,
  { credentialVersion }: LinkedConnection,
  attemptId: string,
  failure: RefreshFailure,
) {
  return execute(world, request, { type: 'FailRefresh', credentialVersion, attemptId, ...failure })
}

function execute(
  world: BrokerWorld,
  { connectionId, by }: RefreshRequest,
  command: Parameters<typeof executeOnConnection>[2],
) {
  return executeOnConnection(world, connectionId, command, { ...by, commandId: uuidv7() })
}

function placeOf(
  { organizationId, connectionId }: ConnectionKey,
  field: 'accessToken' | 'refreshToken',
  version: number,
): Place {
  return { organizationId, connectionId, field, version }
}
