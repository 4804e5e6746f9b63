import type { Answer } from '../conversation.ts'
import { answered, type Finding, unanswered } from '../finding.ts'
import { plainText } from '../plain-text.ts'
import type { Prior } from '../provider.ts'
import { retryAfterMs } from '../retry-after.ts'
import {
  type GitLabAnswers,
  gitlabToken,
  gitlabUser,
  inWordsOf401,
  isGitLab,
  isOk,
  isWrongKind,
  knowsNoSelf,
  lacksScope,
  refusalOf,
  textOf,
} from './answers.ts'

type Http = Extract<Answer, { is: 'http' }>
/** What a refusal is weighed against. */
type Weight = { readonly instance: Answer | null; readonly prior: Prior; readonly now: Date }

const CONFIRM_AFTER_MS = 30_000
const HOLD_MS = 10 * 60_000
const MANY = 3

/** Whether the end that GitLab had told for the token has come: it is dead from the first moment of that day in UTC. */
export function hasEnded(prior: Prior, now: Date): boolean {
  return prior.expiresAt !== null && prior.expiresAt.getTime() <= now.getTime()
}

/** What is said of a token whose known end has come; no call could tell more. */
export function judgeEnded(prior: Prior): Finding {
  const day = prior.expiresAt?.toISOString().slice(0, 10)
  return answered(
    'expired',
    'expired',
    `The token ended on ${day} (at 0:00 UTC), so GitLab was not asked. Make a new one and paste it.`,
  )
}

/**
 * Says what GitLab's answers mean for the connection.
 * @see https://docs.gitlab.com/api/rest/authentication/
 */
export function judgeGitLab(
  answers: GitLabAnswers & { missingScopes: readonly string[] },
  prior: Prior,
  now: Date,
): Finding {
  const { self, user, projects, instance, missingScopes } = answers
  const weight = { instance, prior, now }
  const own = isOk(self) ? gitlabToken.safeParse(self.json) : null
  if (own?.success && own.data.revoked)
    return answered('revoked', 'revoked', 'GitLab says that the token was revoked. Make a new one and paste it.')
  if (!own?.success && !knowsNoSelf(self)) return judgeRefusal(self, weight)
  if (missingScopes.length > 0) return scopesMissing(missingScopes.join(', '))
  if (!user || !isOk(user) || !gitlabUser.safeParse(user.json).success) return judgeRefusal(user ?? self, weight)
  if (projects && lacksScope(projects)) return scopesMissing('read_api')
  if (projects && /SSO session/i.test(textOf(projects))) {
    return answered(
      'error',
      'ssoNeeded',
      "GitLab accepted the token, but its group asks for single sign-on. Sign in through the group's page and validate again, or use a group token.",
    )
  }
  return answered('active', 'accepted', 'GitLab accepted the token.')
}

function judgeRefusal(answer: Answer, weight: Weight): Finding {
  if (answer.is === 'none') return unanswered('unreachable', `${answer.sentence} The check is tried again by itself.`)
  const { status } = answer
  if (status === 429) {
    const names = { remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' }
    return unanswered(
      'rateLimited',
      'GitLab answered 429: too many calls for now. The check is tried again by itself.',
      retryAfterMs(answer.headers, weight.now, names) ?? 60_000,
    )
  }
  if (status >= 300 && status < 400) {
    const text = `The address answered ${status}, which leads elsewhere. Look whether it is the address at which you open GitLab.`
    return weight.prior.worked ? unanswered('redirected', text) : answered('invalid', 'redirected', text)
  }
  if (status === 401) return judge401(answer, weight)
  if (status === 403) return judge403(answer)
  if (isWrongKind(answer)) {
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

function judge401(answer: Http, { instance, prior, now }: Weight): Finding {
  const text = textOf(answer)
  if (!inWordsOf401(answer)) {
    return unanswered(
      'notGitLab',
      'The address answered 401, but not in the words of GitLab. Look at a proxy on the way; the check is tried again by itself.',
    )
  }
  if (/^(dpop|restricted)_/.test(refusalOf(answer)?.error ?? '') || /impersonation was disabled/i.test(text)) {
    return answered(
      'error',
      'policy',
      `GitLab answered 401: a rule of the instance forbids this token ("${plainText(text, 150)}"). Ask its administrator.`,
    )
  }
  if (/expired/i.test(text)) {
    const message = 'GitLab answered 401 Token is expired. Make a new token and paste it.'
    return told({ outcome: 'expired', reason: 'expired', message }, prior)
  }
  if (/was revoked/i.test(text)) {
    const message = 'GitLab answered 401 Token was revoked. Make a new token and paste it.'
    return told({ outcome: 'revoked', reason: 'revoked', message }, prior)
  }
  if (!prior.worked) {
    return answered(
      'invalid',
      'unauthorized',
      'GitLab answered 401 Unauthorized. The token is mistyped, deleted, or of another instance. Paste a new token, or correct the address.',
    )
  }
  if (hasEnded(prior, now)) {
    return answered(
      'expired',
      'expired',
      'GitLab answered 401 Unauthorized, and the token has reached its end. Make a new one and paste it.',
    )
  }
  if (!isGitLab(instance)) {
    return unanswered(
      'notGitLab',
      'The token was refused, but the address does not answer as GitLab does, so this says nothing of the token. The check is tried again by itself.',
    )
  }
  const message =
    'GitLab answered 401 Unauthorized to a token that worked, so it was deleted. Make a new one and paste it.'
  if (prior.status === 'revoked') return answered('revoked', 'unauthorized', message)
  return doubted({ outcome: 'revoked', reason: 'unauthorized', message }, prior)
}

type Loss = { readonly outcome: 'expired' | 'revoked'; readonly reason: string; readonly message: string }

/** A reason that GitLab gives is believed, unless many tokens of the instance are refused at the same time. */
function told(loss: Loss, prior: Prior): Finding {
  const settled = prior.status === loss.outcome || !prior.worked || prior.othersRefusedLately < MANY
  return settled ? { is: 'answered', ...loss } : doubted(loss, prior)
}

function doubted(loss: Loss, prior: Prior): Finding {
  if (prior.othersRefusedLately < MANY) return { is: 'refusedOnce', ...loss, confirmAfterMs: CONFIRM_AFTER_MS }
  const message = `${loss.message} Others of this instance were refused within minutes too, so the instance may be at fault.`
  return { is: 'refusedOnce', ...loss, message, confirmAfterMs: HOLD_MS }
}

const OWNER_ACTS = /pending approval|deactivated|password expired|Terms of Service|not confirmed/i

function judge403(answer: Http): Finding {
  if (lacksScope(answer)) return scopesMissing('api or read_api')
  const text = textOf(answer)
  if (text === '' || /read-only instance/i.test(text)) {
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
