import type { Answer } from './conversation.ts'
import type { Stopped } from './listed.ts'
import { plainText } from './plain-text.ts'
import { retryAfterMs } from './retry-after.ts'

/** How one provider refuses. */
export interface Refusing {
  /** The provider's name for people. */
  readonly title: string
  readonly isRateLimited: (answer: Answer) => boolean
  /** Its words of a refusal; null or blank when it said none. */
  readonly wordsOf: (answer: Answer) => string | null
  /** Where it tells what is left of an allowance. */
  readonly rate: { readonly remaining: string; readonly reset: string }
}

/** Why a list could not be read on; `what` names it for people, such as "The list of repositories". */
export function stoppedBy(answer: Answer, of: Refusing & { what: string; now: Date }): Stopped {
  const { title, what } = of
  if (answer.is === 'none') return { is: 'stopped', message: answer.sentence, retryAfterMs: null, unauthorized: false }
  if (of.isRateLimited(answer)) {
    const message = `${title} allows no more calls for now. It is asked again by itself.`
    const wait = retryAfterMs(answer.headers, of.now, of.rate) ?? 60_000
    return { is: 'stopped', message, retryAfterMs: wait, unauthorized: false }
  }
  const words = of.wordsOf(answer)
  const message = words ? `${title} refused: ${words}` : `${what} could not be read (answer ${answer.status}).`
  return { is: 'stopped', message: plainText(message, 300), retryAfterMs: null, unauthorized: answer.status === 401 }
}
