import type { Verdict } from '@git-connections/events'

/** A verdict before its evidence is put beside it. */
export type Finding = { readonly reason: string; readonly message: string } & (
  | Pick<Extract<Verdict, { is: 'answered' }>, 'is' | 'outcome'>
  | Pick<Extract<Verdict, { is: 'refusedOnce' }>, 'is' | 'confirmAfterMs'>
  | Pick<Extract<Verdict, { is: 'unanswered' }>, 'is' | 'retryAfterMs'>
)
