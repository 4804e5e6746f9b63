import type { ProviderName } from '@git-connections/events'
import { z } from 'zod'
import type { Answer } from '../conversation.ts'
import { retryAfterMs } from '../retry-after.ts'
import { titleOf } from './application.ts'
import type { Grant } from './grant.ts'
import { refusalIn, sortRefusal } from './refusal.ts'
import { type AskedForTokens, tokensIn } from './token-set.ts'
import { secretsIn } from './without-secrets.ts'

type Http = Extract<Answer, { is: 'http' }>

/** What was asked, and what must not be shown of it. */
export interface AskedGrant extends AskedForTokens {
  readonly secrets: readonly string[]
  /** When the answer came. */
  readonly now: Date
}

/** The statuses with which a provider refuses in words of its own. GitHub refuses with 200. */
const REFUSING = new Set([200, 400, 401, 403, 404, 422])

/** Words of a provider in trouble: what became of the question, they do not tell. */
const NOT_DEFINITE = new Set(['server_error', 'temporarily_unavailable'])

const ALLOWANCE = {
  github: { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' },
  gitlab: { remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' },
} as const satisfies Record<ProviderName, { remaining: string; reset: string }>

/** Says what an answer of the token endpoint means. Whatever is not certain is `unknown`. */
export function judgeGrant(answer: Answer, asked: AskedGrant): Grant {
  const title = titleOf[asked.provider]
  if (answer.is === 'none') {
    return answer.sent
      ? { is: 'unknown', message: `${answer.sentence} Whether ${title} acted is not known.` }
      : { is: 'notDone', message: `${answer.sentence} Nothing was done at ${title}.`, retryAfterMs: null }
  }
  const { status, json } = answer
  const refusal = REFUSING.has(status) ? refusalIn(json, asked.secrets) : null
  // An answer that says no, or not now, and brings a token all the same is neither.
  if (secretsIn(json).length === 0) {
    const waiting = waitFor(answer, asked)
    if (waiting) return waiting
    if (refusal && !NOT_DEFINITE.has(refusal.code)) {
      return sortRefusal(refusal, { title, renewing: asked.refreshToken !== null })
    }
  }
  const tokens = status === 200 && !refusal ? tokensIn(json, asked) : null
  if (tokens) return { is: 'granted', tokens }
  const redirected = status >= 300 && status < 400
  return {
    is: 'unknown',
    message: redirected
      ? `The address answered ${status}, which leads elsewhere. Look whether it is the address at which you open ${title}.`
      : `The address answered ${status}, but not with a token. Whether ${title} acted is not known.`,
  }
}

/** An answer that says "not now": too many calls, or an instance that only reads for the time being. */
function waitFor(answer: Http, { provider, now }: AskedGrant): Grant | null {
  const { status, headers, json } = answer
  const title = titleOf[provider]
  const spent = headers.get(ALLOWANCE[provider].remaining)?.trim() === '0' || headers.has('retry-after')
  if (status === 429 || (status === 403 && spent) || refusalIn(json, [])?.code === 'slow_down') {
    const wait = retryAfterMs(headers, now, ALLOWANCE[provider])
    return { is: 'notDone', message: `${title} answered ${status}: too many calls for now.`, retryAfterMs: wait }
  }
  if (status === 403 && /read-only instance/i.test(messageIn(json))) {
    const message = `${title} answered 403: the instance only reads for now, such as during maintenance.`
    return { is: 'notDone', message, retryAfterMs: null }
  }
  return null
}

function messageIn(json: unknown): string {
  const parsed = z.object({ message: z.string() }).safeParse(json)
  return parsed.success ? parsed.data.message : ''
}
