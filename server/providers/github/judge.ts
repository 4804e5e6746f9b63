import { z } from 'zod'
import type { Answer } from '../conversation.ts'
import { answered, type Finding } from '../finding.ts'
import { plainText } from '../plain-text.ts'
import type { Prior } from '../provider.ts'
import { judgeAny, policy, strangeAnswer } from './judge-any.ts'
import { isMarked, POLICY, refusalOf } from './refusal.ts'

export const githubUser = z.object({
  id: z.number(),
  login: z.string().min(1),
  name: z.string().nullish(),
  type: z.string().nullish(),
  html_url: z.string().nullish(),
})

/** What GitHub answered in a check; `repositories` is null when it was not asked. */
export interface GitHubAnswers {
  readonly user: Answer
  readonly repositories: Answer | null
  /** Null when the kind of token has none. */
  readonly scopes: readonly string[] | null
  readonly missingScopes: readonly string[]
}

const CONFIRM_AFTER_MS = 5000
const CLOCKS_DIFFER_MS = 5 * 60_000

/**
 * Says what GitHub's answers mean for the connection.
 * @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
export function judgeGitHub(answers: GitHubAnswers, prior: Prior, now: Date): Finding {
  const { user, repositories, scopes, missingScopes } = answers
  const failed = prior.worked ? 'error' : 'invalid'
  const first = judgeAny(user, { prior, now, shown: 'token' }) ?? judgeRefusal(user, prior, now)
  if (first) return first
  if (user.is !== 'http' || user.status !== 200 || !githubUser.safeParse(user.json).success) return strangeAnswer(user)
  if (missingScopes.length > 0) {
    return answered(
      failed,
      'scopesMissing',
      `GitHub accepted the token, but it lacks the scope ${missingScopes.join(', ')} (it has ${scopes?.join(', ') || 'none'}). Add it to the token at GitHub (Settings, Developer settings), which keeps its text; then validate again.`,
    )
  }
  const listing = repositories && refusalOf(repositories)
  if (listing && /Resource not accessible by/i.test(listing)) {
    const asks = repositories?.is === 'http' ? repositories.headers.get('x-accepted-github-permissions') : null
    return answered(
      failed,
      'permissionMissing',
      `GitHub accepted the token, but it may read no repository${asks ? ` (GitHub asks for ${plainText(asks, 100)})` : ''}. Give it read access to Metadata and Contents, then validate again.`,
    )
  }
  if (listing && POLICY.test(listing)) return policy(listing, 'token')
  return answered('active', 'accepted', 'GitHub accepted the token.')
}

/** What a refusal of `GET /user` means for the token; null when it was none. */
function judgeRefusal(user: Answer, prior: Prior, now: Date): Finding | null {
  const message = refusalOf(user) ?? ''
  if (user.is === 'none' || message === '') return null
  // Others say "Bad credentials" too, and must not take a working connection down.
  const believed = isMarked(user) || !prior.worked
  if (user.status === 401 && message === 'Bad credentials' && believed) return badCredentials(prior, now)
  if (user.status === 403 && isMarked(user) && /Resource not accessible by/i.test(message)) {
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
    message: text,
    outcome: 'revoked',
    confirmAfterMs: CONFIRM_AFTER_MS,
  }
}
