import { failureOf, sentence } from './transport/failure.ts'

/** A question that nobody answered over HTTP. */
export type NoAnswer = {
  readonly is: 'none'
  /** What happened, for people; begins with the host and ends with a full stop. */
  readonly sentence: string
}

/** Says in our own words why there was no answer; nothing of the error itself is kept, it may hold the token. */
export function whyNoAnswer(error: unknown, host: string): NoAnswer {
  return { is: 'none', sentence: sentence(failureOf(error, host)) }
}
