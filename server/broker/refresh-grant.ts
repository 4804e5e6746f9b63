import { DomainError, type LinkedConnection } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import type { Cause } from '../commands/cause.ts'
import { executeOnConnection, readLinked } from '../commands/connection.ts'
import type { GrantOutcome } from '../providers/oauth/grant.ts'
import { firstCheck } from '../providers/provider.ts'
import type { BrokerWorld } from './broker.ts'
import type { HostGate, Turn } from './host-gate.ts'
import { type ConnectionKey, heldUntil, isLeased, type Lease, takeLease } from './lease.ts'
import { cutOff, judgeRefresh, leftUndone, type RefreshFailure, stillOpen } from './refresh-verdict.ts'
import { placeOf, storePair } from './store-pair.ts'

const LOOK_AGAIN_MS = 100
/** Two calls and a look at the old pair in between, each within the deadline of a call, and some time around them. */
const WAIT_AT_MOST_MS = 150_000

/** What a refresh works with. */
export type RefreshWorld = BrokerWorld & { readonly gate: HostGate }

/** What is to be refreshed and when that is not needed (any more). */
export interface RefreshRequest extends ConnectionKey {
  readonly by: Cause
  readonly enough: (linked: LinkedConnection) => boolean
}

/**
 * Sees to it that the connection's access token is `enough`. One server at a time asks the provider; the others wait
 * and find its result. What came of it is in the log before anything else is done with it.
 * @throws {DomainError} RefreshFailed when there is no new pair; the log and the card say why. CredentialUnchecked when
 * so many others go to the same host that its turn did not come.
 */
export async function refreshGrant(world: RefreshWorld, request: RefreshRequest): Promise<LinkedConnection> {
  const givenUpAt = Date.now() + WAIT_AT_MOST_MS
  for (;;) {
    const linked = await readCurrent(world, request)
    if (request.enough(linked)) return linked
    refuseIfHopeless(linked, { now: world.clock(), by: request.by })
    if (!(await isLeased(world.db, request))) {
      const done = await inTurn(world, request, linked)
      if (done) return done
    }
    if (Date.now() > givenUpAt) {
      throw new DomainError('RefreshFailed', 'Another refresh of this token takes long. Try again in a minute.')
    }
    await world.pause(LOOK_AGAIN_MS)
  }
}

/** Waits for the host before it takes the lease, so that nobody holds one without asking. */
async function inTurn(
  world: RefreshWorld,
  request: RefreshRequest,
  { baseUrl }: LinkedConnection,
): Promise<LinkedConnection | null> {
  const { host } = new URL(baseUrl)
  // Somebody waits for what is not a job's.
  const turn = await world.gate.enter(host, { first: request.by.actor.kind !== 'job', patienceMs: WAIT_AT_MOST_MS })
  if (!turn) {
    throw new DomainError(
      'CredentialUnchecked',
      `Many tokens of ${host} are being renewed just now. Try again in a minute.`,
    )
  }
  try {
    const lease = await takeLease(world.db, request, world.leaseMs)
    return lease && (await underLease({ ...world, turn, lease }, request).finally(() => lease.release()))
  } finally {
    turn.leave()
  }
}

/** With the right to ask: no other server does, and the host is not asked too much. */
type Asking = RefreshWorld & { readonly turn: Turn; readonly lease: Lease }

/** Null when this one may not ask just now: a use of the old token runs, or another server was faster. */
async function underLease(world: Asking, request: RefreshRequest): Promise<LinkedConnection | null> {
  const linked = await readCurrent(world, request)
  if (request.enough(linked)) return linked
  refuseIfHopeless(linked, { now: world.clock(), by: request.by })
  if (await heldUntil(world.db, request, linked.credentialVersion)) return null
  const before = linked.refresh
  if (before?.is === 'running') {
    // Its holder is gone, since the lease is ours.
    await fail(world, request, linked, before.attemptId, cutOff('A refresh was cut off.'))
  }
  return attempt(world, request)
}

/** One call at most; null when it is to be looked at again from the start. */
async function attempt(world: Asking, request: RefreshRequest): Promise<LinkedConnection | null> {
  const linked = await readCurrent(world, request)
  if (request.enough(linked)) return linked
  if (!(await world.lease.renew())) return null
  const old = linked.refresh?.is === 'unknown' ? await oldPairWorks(world, request, linked) : null
  if (linked.refresh && (old === 'yes' || old === 'unanswered')) {
    const now = world.clock()
    const failure = old === 'yes' ? leftUndone(linked, now) : stillOpen(linked, now)
    await fail(world, request, linked, linked.refresh.attemptId, failure)
    throw new DomainError('RefreshFailed', failure.message)
  }
  const { credentialVersion } = linked
  const attemptId = uuidv7()
  if (!(await world.lease.renew())) return null
  const started = await execute(world, request, { type: 'StartRefresh', credentialVersion, attemptId })
  // Whoever slept over the end of its lease finds another's attempt here, and must not show the refresh token again.
  if (started.events.length === 0) return null
  world.turn.use()
  const outcome = await askForPair(world, request, linked)
  if (outcome.is === 'granted') {
    await storePair(world, request, linked, outcome.tokens)
    return readCurrent(world, request)
  }
  const failure = judgeRefresh(outcome, linked, { now: world.clock(), lost: old === 'no' })
  const failed = await fail(world, request, linked, attemptId, failure)
  const settled = failed.events.length > 0 && !(failure.failure === 'unknown' && failure.status === null)
  if (settled) throw new DomainError('RefreshFailed', failure.message)
  // Looked at there and then: whether the old pair still works, or another's pair has come, decides what can be tried.
  return null
}

function readCurrent(world: BrokerWorld, { connectionId, by }: RefreshRequest): Promise<LinkedConnection> {
  return readLinked(world, connectionId, by)
}

/** A definite no stays one until somebody reconnects; the pause after a failure is kept, unless a person asks. */
function refuseIfHopeless({ refresh, status }: LinkedConnection, { now, by }: { now: Date; by: Cause }): void {
  if (!refresh || refresh.is === 'running') return
  const ended = status === 'revoked' || status === 'expired' || (refresh.is === 'unknown' && status === 'error')
  const paused = by.actor.kind === 'job' && refresh.retryAt !== null && Date.parse(refresh.retryAt) > now.getTime()
  if ((refresh.settled && ended) || paused) {
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
    world.open({ ...placeOf(request, credentialVersion), field: 'refreshToken' }, use, (refreshToken) =>
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
  return world.open({ ...placeOf(request, linked.credentialVersion), field: 'accessToken' }, use, async (token) => {
    const { provider, baseUrl, certificateAuthority } = linked
    const instance = { baseUrl, prior: firstCheck, kind: 'oauth' } as const
    const verdict = await world.reach(certificateAuthority).providers[provider].checkToken(token, instance)
    if (verdict.is === 'unanswered') return 'unanswered'
    return verdict.is === 'answered' && verdict.outcome === 'active' ? 'yes' : 'no'
  })
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
