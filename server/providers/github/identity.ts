import { z } from 'zod'
import type { Answer, Fetch } from '../conversation.ts'
import { identityOf } from '../identity.ts'
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
  return identityOf(await ask(() => wire(`${apiUrl}/meta`, { headers })), recognise)
}

/** github.com tells no version; a server of its own does. */
function recognise(answer: Extract<Answer, { is: 'http' }>): { version: string | null } | null {
  if (!isMarked(answer)) return null
  const told = meta.safeParse(answer.json)
  const version = told.success ? told.data.installed_version : answer.headers.get('x-github-enterprise-version')
  return { version: version === null ? null : plainText(version, 40) }
}
