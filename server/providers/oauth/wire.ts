import type { Call, ProviderName } from '@git-connections/events'
import { type Answer, type Fetch, startConversation } from '../conversation.ts'
import { TransportError } from '../transport/failure.ts'
import { refusalIn } from './refusal.ts'
import { secretsIn, withoutSecrets } from './without-secrets.ts'

/** No honest answer of these endpoints comes near it. */
const MOST_CHARACTERS = 64 * 1024

const REQUEST_ID = {
  github: 'x-github-request-id',
  gitlab: 'x-request-id',
} as const satisfies Record<ProviderName, string>

/** What questions to OAuth endpoints go through. */
export interface OAuthWorld {
  readonly fetch: Fetch
  /** Whether the operator allows plain http to this place. */
  readonly trusted: (url: URL) => boolean
}

/**
 * Puts one question to an OAuth endpoint. The library that builds the request gets nothing of the answer, and what it
 * throws is dropped: its errors hold what was sent and answered.
 */
export async function askOnce(
  world: OAuthWorld,
  about: { readonly provider: ProviderName; readonly secrets: readonly string[] },
  question: (wire: Fetch) => Promise<unknown>,
): Promise<{ answer: Answer; call: Call }> {
  const conversation = startConversation({
    fetch: carefully(world),
    requestIdHeader: REQUEST_ID[about.provider],
    describe: (answer) => inBrief(answer, about.secrets),
  })
  const answer = await conversation.ask(() => question(conversation.wire))
  const [call] = conversation.calls
  // Nothing that people enter can bring this about, and the library's reason may hold a secret.
  if (!call) throw new Error('A request to an OAuth endpoint could not be built.')
  const hidden = [...about.secrets, ...(answer.is === 'http' ? secretsIn(answer.json) : [])]
  const requestId = call.requestId === null ? null : withoutSecrets(call.requestId, hidden)
  return { answer, call: { ...call, requestId } }
}

/** A fetch for small answers, which come as JSON. */
function carefully({ fetch, trusted }: OAuthWorld): Fetch {
  return async (address, init) => {
    const url = new URL(address)
    const { host } = url
    if (url.protocol !== 'https:' && !trusted(url)) throw new TransportError({ kind: 'plain-http', host, sent: false })
    const response = await fetch(address, init)
    const text = await response.text()
    if (text.length > MOST_CHARACTERS) throw new TransportError({ kind: 'too-large', host, sent: true })
    const { status, headers } = response
    // GitHub answers in a form's encoding where something on the way dropped what we accept.
    const form = headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false
    const body = form ? JSON.stringify(Object.fromEntries(new URLSearchParams(text))) : text
    return new Response(text === '' ? null : body, { status, headers })
  }
}

function inBrief(answer: Extract<Answer, { is: 'http' }>, secrets: readonly string[]): string {
  const refusal = refusalIn(answer.json, secrets)
  if (refusal) return refusal.description === '' ? refusal.code : `${refusal.code}: ${refusal.description}`
  if (answer.status < 300) return answer.json === undefined ? 'no JSON' : 'accepted'
  return answer.json === undefined ? 'no JSON' : 'refused'
}
