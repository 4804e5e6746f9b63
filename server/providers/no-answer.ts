import { failureOf, sentence, type TransportFailure } from './transport/failure.ts'

/** A question that nobody answered over HTTP. */
export type NoAnswer = {
  readonly is: 'none'
  /** What happened, for people; begins with the host and ends with a full stop. */
  readonly sentence: string
  /** False when no byte of the question left: then the provider certainly did nothing because of it. */
  readonly sent: boolean
  /** What the transport says of it. */
  readonly failure?: TransportFailure
}

/** Says in our own words why there was no answer; nothing of the error itself is kept, it may hold the token. */
export function whyNoAnswer(error: unknown, host: string): NoAnswer {
  const failure = failureOf(error, { host, sent: true })
  return { is: 'none', sentence: sentence(failure), sent: failure.sent, failure }
}
