import { z } from 'zod'
import type { Answer } from '../conversation.ts'
import { answered, type Finding, unanswered } from '../finding.ts'
import { plainText } from '../plain-text.ts'
import type { Prior } from '../provider.ts'
import { retryAfterMs } from '../retry-after.ts'

export const gitlabUser = z.object({
  id: z.number(),
  username: z.string().min(1),
  name: z.string().nullish(),
  bot: z.boolean().nullish(),
})
export const gitlabToken = z.object({
  id: z.number(),
  scopes: z.array(z.string()),
  expires_at: z.string().nullish(),
  revoked: z.boolean().nullish(),
  name: z.string().nullish(),
})
const refusalBody = z.object({
  error: z.string().optional(),
  error_description: z.string().optional(),
  message: z.union([z.string(), z.object({ error: z.string() }).transform(({ error }) => error)]).optional(),
})
type Http = Extract<Answer, { is: 'http' }>

/** What GitLab answered in a check; null for what was not asked. */
export interface GitLabAnswers {
  readonly self: Answer
  readonly user: Answer | null
  readonly projects: Answer | null
  readonly missingScopes: readonly string[]
}

const CONFIRM_AFTER_MS = 30_000
const HOLD_MS = 10 * 60_000
const MANY = 3

/**
 * Says what GitLab's answers mean for the connection.
 * @see https://docs.gitlab.com/api/rest/authentication/
 */
export function judgeGitLab(answers: GitLabAnswers, prior: Prior, now: Date): Finding {
  const { self, user, projects, missingScopes } = answers
  const own = self.is === 'http' && self.status === 200 ? gitlabToken.safeParse(self.json) : null
  if (own?.success && own.data.revoked)
    return answered('revoked', 'revoked', 'GitLab says that the token was revoked. Make a new one and paste it.')
  if (!own?.success) {
    // Before 15.5 GitLab can't tell of the token itself; then its person is all there is.
    const old = self.is === 'http' && (self.status === 404 || self.status === 400) && !wrongKind(self)
    if (!old) return judgeRefusal(self, prior, now)
  }
  if (missingScopes.length > 0) return scopesMissing(missingScopes.join(', '))
  if (user?.is !== 'http' || user.status !== 200 || !gitlabUser.safeParse(user.json).success) {
    return judgeRefusal(user ?? self, prior, now)
  }
  if (projects?.is === 'http' && projects.status === 403 && /^insufficient/.test(refusalOf(projects)?.error ?? ''))
    return scopesMissing('read_api')
  if (projects && /SSO session/i.test(textOf(projects))) {
    return answered(
      'error',
      'ssoNeeded',
      "GitLab accepted the token, but its group asks for single sign-on. Sign in through the group's page and validate again, or use a group token.",
    )
  }
  return answered('active', 'accepted', 'GitLab accepted the token.')
}

function judgeRefusal(answer: Answer, prior: Prior, now: Date): Finding {
  if (answer.is === 'none') return unanswered('unreachable', `${answer.sentence} The check is tried again by itself.`)
  const { status } = answer
  if (status === 429) {
    const names = { remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' }
    return unanswered(
      'rateLimited',
      'GitLab answered 429: too many calls for now. The check is tried again by itself.',
      retryAfterMs(answer.headers, now, names) ?? 60_000,
    )
  }
  if (status >= 300 && status < 400) {
    const text = `The address answered ${status}, which leads elsewhere. Look whether it is the address at which you open GitLab.`
    return prior.worked ? unanswered('redirected', text) : answered('invalid', 'redirected', text)
  }
  if (status === 401) return judge401(answer, prior, now)
  if (status === 403) return judge403(answer)
  if (status === 400 && wrongKind(answer)) {
    return answered(
      'invalid',
      'wrongKind',
      'GitLab says that this is an OAuth token, which ends after two hours. Paste a personal, group or project access token.',
    )
  }
  if (status >= 500) return unanswered('serverError', `GitLab answered ${status}. The check is tried again by itself.`)
  return unanswered(
    'notGitLab',
    `What answered (${status}) does not look like GitLab. Look at the address, or at a proxy on the way; the check is tried again by itself.`,
  )
}

function judge401(answer: Http, prior: Prior, now: Date): Finding {
  const body = refusalOf(answer)
  const text = textOf(answer)
  const definite = /^(invalid_token|dpop_error)$/.test(body?.error ?? '')
  if (!definite && !/^401\b/.test(body?.message ?? '')) {
    return unanswered(
      'notGitLab',
      'The address answered 401, but not in the words of GitLab. Look at a proxy on the way; the check is tried again by itself.',
    )
  }
  if (body?.error === 'dpop_error' || /impersonation was disabled/i.test(text)) {
    return answered(
      'error',
      'policy',
      `GitLab answered 401: a rule of the instance forbids this token ("${plainText(text, 150)}"). Ask its administrator.`,
    )
  }
  if (prior.worked && prior.othersRefusedLately >= MANY) {
    return unanswered(
      'manyRefused',
      'GitLab refused the token, and others of this instance within minutes, so the instance may be at fault. The check is tried again in ten minutes.',
      HOLD_MS,
    )
  }
  if (definite && /expired/i.test(text))
    return answered('expired', 'expired', 'GitLab answered 401 Token is expired. Make a new token and paste it.')
  if (definite && /was revoked/i.test(text))
    return answered('revoked', 'revoked', 'GitLab answered 401 Token was revoked. Make a new token and paste it.')
  if (!prior.worked) {
    return answered(
      'invalid',
      'unauthorized',
      'GitLab answered 401 Unauthorized. The token is mistyped, deleted, or of another instance. Paste a new token, or correct the address.',
    )
  }
  if (prior.expiresAt && prior.expiresAt.getTime() <= now.getTime()) {
    return answered(
      'expired',
      'expired',
      'GitLab answered 401 Unauthorized, and the token has reached its end. Make a new one and paste it.',
    )
  }
  const message =
    'GitLab answered 401 Unauthorized to a token that worked, so it was deleted. Make a new one and paste it.'
  if (prior.status === 'revoked') return answered('revoked', 'unauthorized', message)
  return {
    is: 'refusedOnce',
    reason: 'unauthorized',
    message: `${message} GitLab is asked once more to be sure.`,
    confirmAfterMs: CONFIRM_AFTER_MS,
  }
}

const OWNER_ACTS = /pending approval|deactivated|password expired|Terms of Service|not confirmed/i

function judge403(answer: Http): Finding {
  const body = refusalOf(answer)
  const text = textOf(answer)
  if (/^insufficient(_granular)?_scope$/.test(body?.error ?? '')) return scopesMissing('api or read_api')
  if (!body || text === '' || /read-only instance/i.test(text)) {
    return unanswered(
      'forbidden',
      'The address answered 403, which may be a firewall, an IP ban or maintenance. The check is tried again by itself.',
    )
  }
  if (OWNER_ACTS.test(text)) {
    return answered(
      'error',
      'accountState',
      `GitLab answered: "${plainText(text.replace(/https?:\S+/g, ''), 200)}" The owner of the account must sign in to GitLab and follow it.`,
    )
  }
  if (/has been blocked/i.test(text)) {
    return answered(
      'revoked',
      'accountBlocked',
      'GitLab answered 403: the account has been blocked. An administrator of the instance can unblock it; then validate again.',
    )
  }
  return answered(
    'error',
    'forbidden',
    `GitLab answered 403: "${plainText(text, 200)}". Ask the administrator of the instance, then validate again.`,
  )
}

function scopesMissing(scopes: string): Finding {
  return answered(
    'invalid',
    'scopesMissing',
    `GitLab accepted the token, but it lacks the scope ${scopes}. Scopes can't be added later: make a new token with api, or with read_api and read_repository, and paste it.`,
  )
}

/** Whether an answer 400 says that the credential is no personal access token. */
export function wrongKind(answer: Answer): boolean {
  return answer.is === 'http' && answer.status === 400 && /requires token type/i.test(textOf(answer))
}

/** GitLab's words of a refusal; null when the body is not in its form. */
export function refusalOf(answer: Answer): z.output<typeof refusalBody> | null {
  if (answer.is !== 'http' || answer.status < 400) return null
  const body = refusalBody.safeParse(answer.json)
  return body.success ? body.data : null
}

/** The most telling words of a refusal; empty when there are none. */
export function textOf(answer: Answer): string {
  const body = refusalOf(answer)
  return body?.error_description ?? body?.message ?? body?.error ?? ''
}
