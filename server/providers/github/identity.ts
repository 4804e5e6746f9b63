import { z } from 'zod'
import type { Answer, Fetch } from '../conversation.ts'
import { plainText } from '../plain-text.ts'
import type { Identity } from '../provider.ts'
import { isMarked } from './refusal.ts'
import { HEADERS, talkToGitHub } from './requests.ts'

const meta = z.object({ installed_version: z.string() })

/** Asks an address for what GitHub tells everybody of itself. */
export async function identifyGitHub(
  fetch: Fetch,
  { apiUrl, signal }: { apiUrl: string; signal: AbortSignal },
): Promise<Identity> {
  const { ask, wire } = talkToGitHub(fetch, signal)
  const headers = { ...HEADERS, accept: 'application/vnd.github+json' }
  return identityOf(await ask(() => wire(`${apiUrl}/meta`, { headers })))
}

/** Says by an answer to `/meta` whether GitHub gave it; github.com has no version, a server of its own tells it. */
export function identityOf(answer: Answer): Identity {
  if (answer.is === 'none') {
    return { is: 'none', failure: answer.failure ?? { kind: 'failed', host: 'The address', sent: answer.sent } }
  }
  if (isMarked(answer)) {
    const told = meta.safeParse(answer.json)
    const version = told.success ? told.data.installed_version : answer.headers.get('x-github-enterprise-version')
    return { is: 'itself', version: version === null ? null : plainText(version, 40) }
  }
  if (answer.status >= 300 && answer.status < 400) return { is: 'elsewhere' }
  return { is: answer.status === 429 || answer.status >= 500 ? 'failing' : 'other' }
}
