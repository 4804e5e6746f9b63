import type { Answer } from './conversation.ts'
import type { Identity } from './provider.ts'

type Http = Extract<Answer, { is: 'http' }>

/** Says by an answer what lives at an address; `recognise` gives null for what the provider did not answer. */
export function identityOf(answer: Answer, recognise: (answer: Http) => { version: string | null } | null): Identity {
  if (answer.is === 'none') {
    return { is: 'none', failure: answer.failure ?? { kind: 'failed', host: 'The address', sent: answer.sent } }
  }
  const own = recognise(answer)
  if (own) return { is: 'itself', ...own }
  if (answer.status >= 300 && answer.status < 400) return { is: 'elsewhere' }
  return { is: answer.status === 429 || answer.status >= 500 ? 'failing' : 'other' }
}
