import { z } from 'zod'
import type { Answer } from '../conversation.ts'

export const gitlabUser = z.object({
  id: z.number(),
  username: z.string().min(1),
  name: z.string().nullish(),
  bot: z.boolean().nullish(),
})
/** What `/personal_access_tokens/self` tells of a token, or `/oauth/token/info` of a grant's. */
export const gitlabToken = z.union([
  z.object({
    id: z.number(),
    scopes: z.array(z.string()),
    expires_at: z.string().nullish(),
    revoked: z.boolean().nullish(),
    name: z.string().nullish(),
  }),
  z
    .object({ resource_owner_id: z.number(), scope: z.array(z.string()) })
    .transform(({ resource_owner_id: id, scope: scopes }) => ({ id, scopes, expires_at: null, revoked: null })),
])
export const instance = z.object({ version: z.string() })
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
  /** What the instance says of itself, asked where a refusal gives no reason. */
  readonly instance: Answer | null
}

export function isOk(answer: Answer): answer is Http {
  return answer.is === 'http' && answer.status === 200
}

/** Before 15.5 GitLab can't tell of the token itself; then its person is all there is. */
export function knowsNoSelf(self: Answer): boolean {
  return self.is === 'http' && (self.status === 404 || self.status === 400) && !isWrongKind(self)
}

/** Whether an answer 400 says that the credential is no personal access token. */
export function isWrongKind(answer: Answer): boolean {
  return answer.is === 'http' && answer.status === 400 && /requires token type/i.test(textOf(answer))
}

/** Whether a 401 in GitLab's words gives no reason: the token is unknown there, or gone. */
export function isPlain401(answer: Answer): boolean {
  return (
    answer.is === 'http' &&
    answer.status === 401 &&
    inWordsOf401(answer) &&
    !/expired|was revoked/i.test(textOf(answer))
  )
}

/** Whether a 401 is in a form that GitLab gives it; a proxy on the way has its own. */
export function inWordsOf401(answer: Answer): boolean {
  const body = refusalOf(answer)
  return /^(invalid_token|dpop_error|restricted_\w+)$/.test(body?.error ?? '') || /^401\b/.test(body?.message ?? '')
}

/** A 403 that says neither which scope is missing nor what is wrong with the account. */
export function isUnspecific403(answer: Answer): boolean {
  if (answer.is !== 'http' || answer.status !== 403) return false
  const text = textOf(answer)
  return text !== '' && !lacksScope(answer) && !text.startsWith('403 Forbidden - ')
}

export function lacksScope(answer: Answer): boolean {
  return (
    answer.is === 'http' && answer.status === 403 && /^insufficient(_\w+)?_scope$/.test(refusalOf(answer)?.error ?? '')
  )
}

/** Whether what answered `/metadata` or `/version` is a GitLab; it also refuses strangers in its own words. */
export function isGitLab(answer: Answer | null): boolean {
  if (answer?.is !== 'http') return false
  return answer.status === 401 ? inWordsOf401(answer) : answer.status === 200 && instance.safeParse(answer.json).success
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
