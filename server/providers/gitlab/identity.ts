import type { Answer } from '../conversation.ts'
import { plainText } from '../plain-text.ts'
import type { Identity } from '../provider.ts'
import { instance, isGitLab } from './answers.ts'

/** Says by an answer to `/metadata` or `/version` whether a GitLab gave it; only who signs in is told the version. */
export function identityOf(answer: Answer): Identity {
  if (answer.is === 'none') {
    return { is: 'none', failure: answer.failure ?? { kind: 'failed', host: 'The address', sent: answer.sent } }
  }
  if (isGitLab(answer)) {
    const told = answer.status === 200 ? instance.safeParse(answer.json) : null
    return { is: 'itself', version: told?.success ? plainText(told.data.version, 40) : null }
  }
  if (answer.status >= 300 && answer.status < 400) return { is: 'elsewhere' }
  return { is: answer.status === 429 || answer.status >= 500 ? 'failing' : 'other' }
}
