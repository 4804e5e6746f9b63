import type { Answer } from '../conversation.ts'
import type { Stopped } from '../listed.ts'
import { plainText } from '../plain-text.ts'
import { retryAfterMs } from '../retry-after.ts'
import { isRateLimited } from './judge-any.ts'
import { refusalOf } from './refusal.ts'
import { RATE } from './requests.ts'

/** Why a list could not be read on; `what` names it for people, such as "The list of repositories". */
export function stoppedBy(answer: Answer, what: string, now: Date): Stopped {
  if (answer.is === 'none') return { is: 'stopped', message: answer.sentence, retryAfterMs: null, unauthorized: false }
  if (isRateLimited(answer)) {
    const retryAfter = retryAfterMs(answer.headers, now, RATE) ?? 60_000
    const message = 'GitHub allows no more calls for now. It is asked again by itself.'
    return { is: 'stopped', message, retryAfterMs: retryAfter, unauthorized: false }
  }
  const words = refusalOf(answer)
  const message = words === null ? `${what} could not be read (answer ${answer.status}).` : `GitHub refused: ${words}`
  return { is: 'stopped', message: plainText(message, 300), retryAfterMs: null, unauthorized: answer.status === 401 }
}
