/** A question that nobody answered over HTTP. */
export type NoAnswer = {
  readonly is: 'none'
  /** A word for programs. */
  readonly failure: string
  /** What happened, for people; begins with a capital and ends with a full stop. */
  readonly sentence: string
}

/** Says in our own words why there was no answer; nothing of the error itself is kept, it may hold the token. */
export function whyNoAnswer(error: unknown): NoAnswer {
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError' || name === 'AbortError') {
    return { is: 'none', failure: 'timeOut', sentence: 'There was no answer in time.' }
  }
  return { is: 'none', failure: 'unreachable', sentence: 'The provider could not be reached.' }
}
