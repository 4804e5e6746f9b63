import type { Answer, Fetch } from '../conversation.ts'
import { identityOf } from '../identity.ts'
import { plainText } from '../plain-text.ts'
import type { Identity } from '../provider.ts'
import { instance, isGitLab } from './answers.ts'
import { askInstance } from './questions.ts'
import { talkToGitLab } from './talk.ts'

/** Asks an address for what GitLab tells of itself; only who signs in is told the version. */
export async function identifyGitLab(
  fetch: Fetch,
  { baseUrl, signal, token }: { baseUrl: string; signal: AbortSignal; token: string | undefined },
): Promise<Identity> {
  return identityOf(await askInstance(talkToGitLab(fetch, signal), baseUrl, token), recognise)
}

function recognise(answer: Extract<Answer, { is: 'http' }>): { version: string | null } | null {
  if (!isGitLab(answer)) return null
  const told = answer.status === 200 ? instance.safeParse(answer.json) : null
  return { version: told?.success ? plainText(told.data.version, 40) : null }
}
