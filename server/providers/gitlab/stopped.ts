import type { Answer } from '../conversation.ts'
import type { Stopped } from '../listed.ts'
import { plainText } from '../plain-text.ts'
import { retryAfterMs } from '../retry-after.ts'
import { textOf } from './answers.ts'
import { RATE } from './listing.ts'

/** Why a list could not be read on; `what` names it for people, such as "The list of projects". */
export function stoppedBy(answer: Answer, what: string, now: Date): Stopped {
  if (answer.is === 'none') return { is: 'stopped', message: answer.sentence, retryAfterMs: null, unauthorized: false }
  if (answer.status === 429) {
    const retryAfter = retryAfterMs(answer.headers, now, RATE) ?? 60_000
    const message = 'GitLab allows no more calls for now. It is asked again by itself.'
    return { is: 'stopped', message, retryAfterMs: retryAfter, unauthorized: false }
  }
  const words = textOf(answer)
  const message = words ? `GitLab refused: ${words}` : `${what} could not be read (answer ${answer.status}).`
  return { is: 'stopped', message: plainText(message, 300), retryAfterMs: null, unauthorized: answer.status === 401 }
}
