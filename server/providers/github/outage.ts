import type { Answer } from '../conversation.ts'
import { type Finding, unanswered } from '../finding.ts'
import { retryAfterMs } from '../retry-after.ts'
import { messageOf } from './refusal.ts'

const HOUR_MS = 60 * 60_000

/** What an answer means that tells nothing of a credential, whosever it is; null when it may tell something. */
export function judgeOutage(answer: Answer, now: Date): Finding | null {
  if (answer.is === 'none') {
    return unanswered('unreachable', `${answer.sentence} The check is tried again by itself.`)
  }
  const message = messageOf(answer) ?? ''
  if (/Maximum number of login attempts exceeded/i.test(message)) {
    return unanswered(
      'lockedOut',
      'GitHub refuses every sign-in for now, because there were too many wrong ones. The check is tried again in an hour.',
      HOUR_MS,
    )
  }
  if (isRateLimited(answer)) {
    const names = { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' }
    return unanswered(
      'rateLimited',
      `GitHub answered ${answer.status}: too many calls for now. The check is tried again by itself.`,
      retryAfterMs(answer.headers, now, names) ?? 60_000,
    )
  }
  return null
}

/** What an answer means that fits nothing GitHub says: nothing is concluded from it. */
export function strangeAnswer(answer: Answer): Finding {
  const status = answer.is === 'http' ? answer.status : 0
  if (status >= 500) return unanswered('serverError', `GitHub answered ${status}. The check is tried again by itself.`)
  if (status >= 300 && status < 400) {
    return unanswered(
      'redirected',
      `GitHub's address answered ${status}, which leads elsewhere. Look whether the address is right.`,
    )
  }
  return unanswered(
    'notGitHub',
    `What answered (${status}) does not look like GitHub. Look at the address, or at a proxy on the way; the check is tried again by itself.`,
  )
}

/** Whether a call was refused for coming too soon; the status is 403 as often as 429. */
export function isRateLimited(answer: Answer): boolean {
  if (answer.is !== 'http') return false
  if (answer.status === 429) return true
  const spent = answer.headers.get('x-ratelimit-remaining') === '0'
  return answer.status === 403 && (spent || /rate limit/i.test(messageOf(answer) ?? ''))
}
