import type { Answer } from '../conversation.ts'
import { answered, type Finding, unanswered } from '../finding.ts'
import { plainText } from '../plain-text.ts'
import type { Prior } from '../provider.ts'
import { retryAfterMs } from '../retry-after.ts'
import { isMarked, messageOf, POLICY, wordsOf } from './refusal.ts'

const HOUR_MS = 60 * 60_000

/** What a judge goes by, beside the answers. */
export interface Ground {
  readonly prior: Prior
  readonly now: Date
}

/** What an answer means whatever was shown: an outage, a limit, something on the way, a policy; null for anything else. */
export function judgeAny(answer: Answer, { prior, now, shown }: Ground & { shown: 'token' | 'App' }): Finding | null {
  const outage = judgeOutage(answer, now)
  if (outage || answer.is === 'none') return outage
  const message = messageOf(answer) ?? ''
  if (!isMarked(answer)) return null
  if (answer.status === 401 && /Requires authentication/i.test(message)) {
    const text = `GitHub answered 401 Requires authentication: the ${shown === 'App' ? "App's proof" : 'token'} was removed on the way. Ask the operator to look at the proxy between this server and GitHub.`
    return prior.worked ? unanswered('tokenLost', text) : answered('error', 'tokenLost', text)
  }
  if (answer.status !== 403) return null
  if (/account was suspended/i.test(message)) {
    return answered(
      prior.worked ? 'revoked' : 'error',
      'accountSuspended',
      'GitHub answered 403: the account is suspended. Its owner must ask GitHub to lift that; then validate again.',
    )
  }
  return POLICY.test(message) ? policy(message, shown) : null
}

/** A policy of an organization or enterprise shuts out what GitHub itself accepts. */
export function policy(message: string, shown: 'token' | 'App'): Finding {
  return answered(
    'error',
    'policy',
    `GitHub accepted the ${shown}, but a policy shuts it out: "${plainText(message.replace(/https?:\S+/g, '').trim(), 200)}" Ask the organization's owner, then validate again.`,
  )
}

/** What an answer means that fits nothing GitHub says: nothing is concluded from it. */
export function strangeAnswer(answer: Answer): Finding {
  const status = answer.is === 'http' ? answer.status : 0
  const words = wordsOf(answer, 403)
  if (words) {
    return unanswered(
      'forbidden',
      `GitHub answered 403: "${plainText(words, 200)}" This says nothing of the credential. The check is tried again by itself.`,
    )
  }
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

function judgeOutage(answer: Answer, now: Date): Finding | null {
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
  if (!isRateLimited(answer)) return null
  const names = { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' }
  return unanswered(
    'rateLimited',
    `GitHub answered ${answer.status}: too many calls for now. The check is tried again by itself.`,
    retryAfterMs(answer.headers, now, names) ?? 60_000,
  )
}

/** Whether a call was refused for coming too soon; the status is 403 as often as 429. */
export function isRateLimited(answer: Answer): boolean {
  if (answer.is !== 'http') return false
  if (answer.status === 429) return true
  const spent = answer.headers.get('x-ratelimit-remaining') === '0'
  return answer.status === 403 && (spent || /rate limit/i.test(messageOf(answer) ?? ''))
}
