/** A step of a deployment that came to nothing, as people are told: what happened, and what to do next. */
export interface StepFailure {
  /** As a word for programs. */
  readonly reason: string
  readonly message: string
  readonly remedy: string
}

/** Ends a deployment with a failure that people can act on; anything else that is thrown is a bug. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
  readonly failure: StepFailure

  constructor(failure: StepFailure) {
    super(failure.message)
    this.failure = failure
  }
}
