import type { ConnectionEvent, EnvironmentEvent, Logged, OrganizationEvent } from '@git-connections/events'
import { type LogEntry, logsAhead, type Rounds, readLog, startRounds } from '@git-connections/events/store'
import type { Enqueue, Job } from './jobs/jobs.ts'
import type { Shell } from './shell.ts'

const NAME = 'reactions'
const PAGE = 500

/** What must happen because of an event: a job, from a moment on; nothing for most. */
export function reactionTo(
  event: Logged,
  { settleAfterMs }: { settleAfterMs: number },
): { job: Job; at: Date | null } | null {
  const { organizationId, streamId: connectionId } = event
  const about = { organizationId, connectionId, eventId: event.eventId }
  const validate: Job = { name: 'validate-connection', data: about }
  const list: Job = { name: 'list-repositories', data: about }
  /** Nobody may have asked since, and the server that refreshed may be gone. */
  const settle = (version: number) => ({
    job: { name: 'settle-refresh' as const, data: { ...about, version } },
    at: new Date(event.recordedAt.getTime() + settleAfterMs),
  })
  if (isApplicationSet(event)) {
    const { provider, baseUrl } = event.data
    return {
      job: { name: 'heal-grants', data: { organizationId, provider, baseUrl, eventId: event.eventId } },
      at: null,
    }
  }
  if (isEnvironmentEvent(event)) {
    const job = environmentJob(event)
    return job && { job, at: null }
  }
  if (!isConnectionEvent(event)) return null
  switch (event.type) {
    case 'ConnectionCreated':
      // A sign-in has asked the provider already; what it could not settle is an event of its own.
      return event.data.method === 'oauth' ? null : { job: validate, at: null }
    case 'ConnectionEnabled':
    case 'ConnectionRestored':
      return { job: validate, at: null }
    case 'ConnectionValidated':
      return event.data.outcome === 'active' ? { job: list, at: null } : null
    case 'ValidationDeferred':
      return { job: validate, at: new Date(event.data.retryAt) }
    case 'TokenRefreshStarted':
      return settle(event.data.credentialVersion)
    case 'TokenRefreshFailed': {
      const { retryAt, failure, status, credentialVersion } = event.data
      if (retryAt) return { job: validate, at: new Date(retryAt) }
      return failure === 'unknown' && status === null ? settle(credentialVersion) : null
    }
    case 'ConnectionDeleted': {
      const until = new Date(event.data.restorableUntil)
      // Whoever deletes it at once ends it there and then. Of two who ask the provider, one is told that there is no such
      // token, and that must not be what is known of its end.
      const atOnce = until <= event.recordedAt
      return {
        job: { name: 'destroy-credential', data: about },
        at: atOnce ? new Date(until.getTime() + settleAfterMs) : until,
      }
    }
    case 'ConnectionRenamed':
    case 'ConnectionDisabled':
    case 'TokenReplaced':
    case 'ConnectionReauthorized':
    case 'TokenRefreshed':
    case 'ExpiryApproaching':
    case 'CertificateAuthorityChanged':
    case 'ConnectionExpired':
    case 'CredentialDestroyed':
      return null
  }
}

function isApplicationSet(event: Logged): event is Logged<Extract<OrganizationEvent, { type: 'OAuthApplicationSet' }>> {
  return event.streamType === 'organization' && event.type === 'OAuthApplicationSet'
}

function environmentJob(event: Logged<EnvironmentEvent>): Job | null {
  const { organizationId, streamId: environmentId, eventId } = event
  const about = { organizationId, environmentId, eventId }
  if (event.type === 'EnvironmentDeleted') return { name: 'remove-releases', data: about }
  if (event.type !== 'DeploymentRequested') return null
  return { name: 'run-deployment', data: { ...about, deploymentId: event.data.deploymentId } }
}

function isEnvironmentEvent(event: Logged): event is Logged<EnvironmentEvent> {
  return event.streamType === 'environment'
}

function isConnectionEvent(event: Logged): event is Logged<ConnectionEvent> {
  return event.streamType === 'connection'
}

/**
 * Follows the logs of all organizations and puts the jobs that events lead to. A job carries its event's id as its own
 * and the checkpoint moves after the job is stored: a crash between the two puts the same job again, which changes
 * nothing.
 */
export function startReactions(
  shell: Pick<Shell, 'store' | 'log'> & {
    /** How long a refresh, or the end of a credential, may go on before it is taken to be cut off. */
    readonly settleAfterMs: number
  },
  put: Enqueue,
): Pick<Rounds, 'stop'> {
  const { store, log } = shell
  async function react(entry: LogEntry): Promise<number> {
    if (!entry.ok) {
      log.error(
        { type: entry.type, position: entry.position, reason: entry.reason },
        'no reaction to an unreadable event',
      )
      return entry.position
    }
    const reaction = reactionTo(entry.event, shell)
    if (reaction) await put(reaction.job, reaction.at)
    return entry.event.position
  }

  async function catchUp(organizationId: string, from: number, signal: AbortSignal): Promise<void> {
    let position = from
    while (!signal.aborted) {
      const page = await readLog(store.db, store.registry, { organizationId, after: position, limit: PAGE })
      for (const entry of page) position = await react(entry)
      if (page.length > 0) await moveCheckpoint(organizationId, position)
      if (page.length < PAGE) return
    }
  }

  async function moveCheckpoint(organizationId: string, position: number): Promise<void> {
    await store.db
      .insertInto('checkpoint')
      .values({ organization_id: organizationId, projection: NAME, position })
      .onConflict((conflict) =>
        conflict
          .columns(['organization_id', 'projection'])
          .doUpdateSet({ position })
          .where('checkpoint.position', '<', position),
      )
      .execute()
  }

  return startRounds(store.wake, {
    async round(signal) {
      for (const { organizationId, from } of await logsAhead(store.db, NAME)) {
        // What is wrong with one organization must not hold the others up.
        await catchUp(organizationId, from, signal).catch((error: unknown) => {
          log.error({ err: error, organizationId }, 'reactions could not follow a log; trying again')
        })
      }
    },
    onFailure: (error) => log.error({ err: error }, 'reactions could not read which logs went on; trying again'),
  })
}
