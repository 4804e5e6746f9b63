import { z } from 'zod'
import type { Answer } from '../conversation.ts'
import type { Finding } from '../finding.ts'
import { plainText } from '../plain-text.ts'
import type { Prior } from '../provider.ts'
import { retryAfterMs } from '../retry-after.ts'

export const githubUser = z.object({
  id: z.number(),
  login: z.string().min(1),
  name: z.string().nullish(),
  type: z.string().nullish(),
  html_url: z.string().nullish(),
})
const refusalBody = z.object({ message: z.string() })

/** What GitHub answered in a check; `repositories` is null when it was not asked. */
export interface GitHubAnswers {
  readonly user: Answer
  readonly repositories: Answer | null
  readonly missingScopes: readonly string[]
}

const CONFIRM_AFTER_MS = 5000
const CLOCKS_DIFFER_MS = 5 * 60_000
const HOUR_MS = 60 * 60_000
const POLICY = /SAML enforcement|IP allow list|forbids access via|OAuth App access restrictions/i

/**
 * Says what GitHub's answers mean for the connection.
 * @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
export function judgeGitHub(answers: GitHubAnswers, prior: Prior, now: Date): Finding {
  const { user, repositories, missingScopes } = answers
  const failed = prior.worked ? 'error' : 'invalid'
  const first = judgeAnswer(user, prior, now)
  if (first) return first
  if (user.is !== 'http' || user.status !== 200 || !githubUser.safeParse(user.json).success)
    return noAnswerOfGitHub(user)
  if (missingScopes.length > 0) {
    return answered(
      failed,
      'scopesMissing',
      `GitHub accepted the token, but it lacks the scope ${missingScopes.join(', ')}. Add it to the token at GitHub (Settings, Developer settings), then validate again.`,
    )
  }
  const listing = repositories && refusalOf(repositories)
  if (listing && /Resource not accessible by/i.test(listing)) {
    return answered(
      failed,
      'permissionMissing',
      'GitHub accepted the token, but it may read no repository. Give it read access to Metadata and Contents, then validate again.',
    )
  }
  if (listing && POLICY.test(listing)) return policy(listing)
  return answered('active', 'accepted', 'GitHub accepted the token.')
}

/** What a refusal or a missing answer of `GET /user` means; null when it was neither. */
function judgeAnswer(user: Answer, prior: Prior, now: Date): Finding | null {
  if (user.is === 'none') {
    return unanswered('unreachable', `${user.sentence} The check is tried again by itself.`)
  }
  const message = messageOf(user) ?? ''
  const { status } = user
  if (/Maximum number of login attempts exceeded/i.test(message)) {
    return unanswered(
      'lockedOut',
      'GitHub refuses every sign-in for now, because there were too many wrong ones. The check is tried again in an hour.',
      HOUR_MS,
    )
  }
  if (isRateLimit(user, message)) {
    const names = { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' }
    return unanswered(
      'rateLimited',
      `GitHub answered ${status}: too many calls for now. The check is tried again by itself.`,
      retryAfterMs(user.headers, now, names) ?? 60_000,
    )
  }
  if (status === 401 && message === 'Bad credentials') return badCredentials(prior, now)
  const believed = user.headers.has('x-github-request-id')
  if (!believed || message === '') return null
  if (status === 401 && /Requires authentication/i.test(message)) {
    const text =
      'GitHub answered 401 Requires authentication: the token was removed on the way. Ask the operator to look at the proxy between this server and GitHub.'
    return prior.worked ? unanswered('tokenLost', text) : answered('error', 'tokenLost', text)
  }
  if (status !== 403) return null
  if (/account was suspended/i.test(message)) {
    return answered(
      prior.worked ? 'revoked' : 'error',
      'accountSuspended',
      'GitHub answered 403: the account is suspended. Its owner must ask GitHub to lift that; then validate again.',
    )
  }
  if (POLICY.test(message)) return policy(message)
  if (/Resource not accessible by/i.test(message)) {
    return answered(
      prior.worked ? 'error' : 'invalid',
      'permissionMissing',
      'GitHub answered 403: this token may not tell whose it is. Paste a personal access token.',
    )
  }
  return null
}

function badCredentials(prior: Prior, now: Date): Finding {
  const what = 'GitHub answered 401 Bad credentials.'
  if (!prior.worked) {
    return answered(
      'invalid',
      'badCredentials',
      `${what} The token is mistyped, expired or revoked; GitHub does not tell which. Paste a new token.`,
    )
  }
  if (prior.expiresAt && prior.expiresAt.getTime() <= now.getTime() + CLOCKS_DIFFER_MS) {
    return answered('expired', 'expired', `${what} The token has reached its end. Make a new one and paste it.`)
  }
  const text = `${what} The token worked before and its end had not come, so it was revoked or deleted. Paste a new token.`
  if (prior.status === 'revoked') return answered('revoked', 'badCredentials', text)
  return {
    is: 'refusedOnce',
    reason: 'badCredentials',
    message: `${text} GitHub is asked once more to be sure.`,
    confirmAfterMs: CONFIRM_AFTER_MS,
  }
}

function noAnswerOfGitHub(user: Answer): Finding {
  const status = user.is === 'http' ? user.status : 0
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

function policy(message: string): Finding {
  return answered(
    'error',
    'policy',
    `GitHub accepted the token, but a policy shuts it out: "${plainText(message.replace(/https?:\S+/g, '').trim(), 200)}" Ask the organization's owner, then validate again.`,
  )
}

function isRateLimit(answer: Extract<Answer, { is: 'http' }>, message: string): boolean {
  if (answer.status === 429) return true
  return answer.status === 403 && (/rate limit/i.test(message) || answer.headers.get('x-ratelimit-remaining') === '0')
}

function messageOf(answer: Extract<Answer, { is: 'http' }>): string | null {
  const body = refusalBody.safeParse(answer.json)
  return body.success && answer.status >= 400 ? body.data.message : null
}

/** GitHub's words of a 403 or 404; null for anything else. */
export function refusalOf(answer: Answer): string | null {
  return answer.is === 'http' && answer.status >= 400 && answer.status < 500 ? messageOf(answer) : null
}

function answered(outcome: Extract<Finding, { is: 'answered' }>['outcome'], reason: string, message: string): Finding {
  return { is: 'answered', outcome, reason, message }
}

function unanswered(reason: string, message: string, retryAfter: number | null = null): Finding {
  return { is: 'unanswered', reason, message, retryAfterMs: retryAfter }
}
