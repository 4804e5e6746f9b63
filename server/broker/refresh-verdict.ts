import type { CheckedStatus, LinkedConnection } from '@git-connections/events'
import type { GrantOutcome } from '../providers/oauth/grant.ts'

const FIRST_RETRY_MS = 15_000
const LONGEST_RETRY_MS = 60 * 60_000

/** What a refresh without a new pair means for the connection. */
export interface RefreshFailure {
  readonly failure: 'refused' | 'notDone' | 'unknown'
  readonly status: CheckedStatus | null
  readonly reason: string
  readonly message: string
  readonly retryAt: string | null
}

type Failed = Exclude<GrantOutcome, { is: 'granted' }>

/**
 * Judges an outcome without a pair. `lost` says that an earlier attempt may have replaced the pair: its answer never
 * came, and the old access token is dead.
 */
export function judgeRefresh(
  outcome: Failed,
  linked: LinkedConnection,
  { now, lost }: { now: Date; lost: boolean },
): RefreshFailure {
  switch (outcome.is) {
    case 'refused':
      return refused(outcome, linked, { now, lost })
    case 'notDone':
      return {
        ...{ failure: 'notDone', status: null, reason: 'refreshNotDone' },
        message: `${outcome.message} The token could not be refreshed; it is tried again by itself.`,
        retryAt: retryAt(linked, now, outcome.retryAfterMs),
      }
    case 'unknown':
      return lost ? givenUp(outcome.message) : cutOff(outcome.message)
  }
}

/** An attempt whose answer never came, before anybody has looked whether the old pair still works. */
export function cutOff(message: string): RefreshFailure {
  return {
    ...{ failure: 'unknown', status: null, reason: 'refreshUnknown', retryAt: null },
    message: `${message} Whether the tokens were replaced is not known; it is looked at once.`,
  }
}

/** An attempt of which it is now known that the provider did not act: the old access token works. */
export function leftUndone(linked: LinkedConnection, now: Date): RefreshFailure {
  return {
    ...{ failure: 'notDone', status: null, reason: 'refreshNotDone' },
    message: 'The provider did not answer a refresh, and the old token still works. It is tried again by itself.',
    retryAt: retryAt(linked, now, null),
  }
}

/** Nobody can be asked whether the old pair still works. */
export function stillOpen(linked: LinkedConnection, now: Date): RefreshFailure {
  return {
    ...{ failure: 'unknown', status: null, reason: 'refreshUnknown' },
    message: 'The provider does not answer, so it is not known whether a refresh was carried out. It is asked again.',
    retryAt: retryAt(linked, now, null),
  }
}

function retryAt({ refresh }: LinkedConnection, now: Date, askedMs: number | null): string {
  const failures = Math.min(refresh?.failures ?? 0, 10)
  const pauseMs = askedMs ?? Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS)
  return new Date(now.getTime() + pauseMs).toISOString()
}

function givenUp(message: string): RefreshFailure {
  return {
    ...{ failure: 'unknown', status: 'error', reason: 'refreshUnknown', retryAt: null },
    message: `${message} Whether the tokens were replaced cannot be found out. Reconnect the account.`,
  }
}

function refused(
  { fault, message }: Extract<Failed, { is: 'refused' }>,
  { credential }: LinkedConnection,
  { now, lost }: { now: Date; lost: boolean },
): RefreshFailure {
  const final = { failure: 'refused', retryAt: null } as const
  if (fault !== 'grant') return { ...final, status: 'error', reason: 'refreshRefused', message }
  if (lost) {
    return {
      ...{ ...final, status: 'revoked', reason: 'refreshLost' },
      message: `${message} The answer to an earlier refresh never arrived, so the new tokens are lost. Reconnect the account.`,
    }
  }
  const end = credential.kind === 'oauth' ? credential.refreshExpiresAt : null
  const ended = end !== null && Date.parse(end) <= now.getTime()
  return {
    ...{ ...final, status: ended ? 'expired' : 'revoked', reason: ended ? 'expired' : 'grantRefused' },
    message: `${message} Reconnect the account.`,
  }
}
