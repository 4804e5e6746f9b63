import type { ConnectionEvent } from './events.ts'
import type { Evidence } from './evidence.ts'
import type { LinkedConnection } from './state.ts'
import type { CheckedStatus } from './status.ts'

/** How long a connection may wait for its first answer before it turns Error. */
export const PENDING_LIMIT_MS = 15 * 60_000
const FIRST_RETRY_MS = 15_000
const LONGEST_RETRY_MS = 60 * 60_000

/** What a check of the provider found; `server/providers` makes it, the decider turns it into events. */
export type Verdict = { reason: string; message: string; evidence: Evidence } & (
  | { is: 'answered'; outcome: CheckedStatus }
  /** Refused, but not beyond doubt, although it had worked: `outcome` if it is refused again after this time. */
  | { is: 'refusedOnce'; outcome: 'expired' | 'revoked'; confirmAfterMs: number }
  /** No answer to judge by; `retryAfterMs` is what the provider asked for, null when it named no time. */
  | { is: 'unanswered'; retryAfterMs: number | null }
)

/** What a check of a linked connection leads to: a settled status, or another try. */
export function recordValidation(
  command: { verdict: Verdict; at: Date; jitter: number },
  state: LinkedConnection,
): ConnectionEvent[] {
  const { verdict } = command
  switch (verdict.is) {
    case 'answered':
      return [settled(state, verdict, verdict.outcome)]
    case 'refusedOnce': {
      // Another check was faster to confirm it.
      if (state.status === verdict.outcome) return [settled(state, verdict, verdict.outcome)]
      const confirmAt = new Date(state.refusedAt ?? command.at).getTime() + verdict.confirmAfterMs
      if (state.refusedAt && command.at.getTime() >= confirmAt) return [settled(state, verdict, verdict.outcome)]
      const message = `${verdict.message} It is asked again to be sure.`
      return [deferred(state, { ...verdict, message }, new Date(confirmAt))]
    }
    case 'unanswered': {
      const since = state.unanswered?.since
      if (state.status === 'pending' && since && command.at.getTime() - Date.parse(since) >= PENDING_LIMIT_MS) {
        const message = `${verdict.message} It has not answered since the connection was created, so the status is Error.`
        return [settled(state, { ...verdict, reason: 'neverAnswered', message }, 'error')]
      }
      const pauseMs = verdict.retryAfterMs ?? backoffMs(state.unanswered?.times ?? 0)
      return [deferred(state, verdict, new Date(command.at.getTime() + pauseMs * (1 + command.jitter / 5)))]
    }
  }
}

function backoffMs(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 10), LONGEST_RETRY_MS)
}

type Finding = Pick<Verdict, 'reason' | 'message' | 'evidence'>

function settled(state: LinkedConnection, finding: Finding, outcome: CheckedStatus): ConnectionEvent {
  const { reason, message, evidence } = finding
  const { credentialVersion } = state
  return { type: 'ConnectionValidated', data: { outcome, reason, message, credentialVersion, evidence } }
}

function deferred(state: LinkedConnection, verdict: Verdict, retryAt: Date): ConnectionEvent {
  const { reason, message, evidence } = verdict
  const { credentialVersion } = state
  const confirming = verdict.is === 'refusedOnce'
  return {
    type: 'ValidationDeferred',
    data: { reason, message, credentialVersion, confirming, retryAt: retryAt.toISOString(), evidence },
  }
}
