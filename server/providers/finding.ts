import type { Verdict } from '@git-connections/events'

/** A verdict before its evidence is put beside it. */
export type Finding = { readonly reason: string; readonly message: string } & (
  | Pick<Extract<Verdict, { is: 'answered' }>, 'is' | 'outcome'>
  | Pick<Extract<Verdict, { is: 'refusedOnce' }>, 'is' | 'outcome' | 'confirmAfterMs'>
  | Pick<Extract<Verdict, { is: 'unanswered' }>, 'is' | 'retryAfterMs'>
)

/** The provider settled it. */
export function answered(
  outcome: Extract<Finding, { is: 'answered' }>['outcome'],
  reason: string,
  message: string,
): Finding {
  return { is: 'answered', outcome, reason, message }
}

/** Nothing to judge by; `retryAfter` is in milliseconds, null when the provider named no time. */
export function unanswered(reason: string, message: string, retryAfter: number | null = null): Finding {
  return { is: 'unanswered', reason, message, retryAfterMs: retryAfter }
}
