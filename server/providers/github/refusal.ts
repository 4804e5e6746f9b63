import { z } from 'zod'
import type { Answer } from '../conversation.ts'

type Http = Extract<Answer, { is: 'http' }>

const refusalBody = z.object({ message: z.string() })

/** Words of the refusals by which an organization or enterprise shuts out what GitHub itself accepts. */
export const POLICY = /SAML enforcement|IP allow list|forbids access via|OAuth App access restrictions/i

/** GitHub's words of any refusal or failure; null when it said none. */
export function messageOf(answer: Http): string | null {
  const body = refusalBody.safeParse(answer.json)
  return body.success && answer.status >= 400 ? body.data.message : null
}

/** GitHub's words of a refusal (4xx); null for anything else. */
export function refusalOf(answer: Answer): string | null {
  return answer.is === 'http' && answer.status >= 400 && answer.status < 500 ? messageOf(answer) : null
}

/** Whether GitHub itself answered, and not something on the way: it marks every answer. */
export function isMarked(answer: Http): boolean {
  return answer.headers.has('x-github-request-id')
}

/** GitHub's words of an answer with that status; blank where it is another, or something on the way answered. */
export function wordsOf(answer: Answer, status: number): string {
  return answer.is === 'http' && isMarked(answer) ? unmarkedWordsOf(answer, status) : ''
}

/** The same, also where the mark is missing. */
export function unmarkedWordsOf(answer: Answer, status: number): string {
  return answer.is === 'http' && answer.status === status ? (messageOf(answer) ?? '') : ''
}
