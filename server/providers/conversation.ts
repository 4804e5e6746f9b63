import type { Call } from '@git-connections/events'
import { silenceJson, silencerOf } from './echo.ts'
import { type NoAnswer, whyNoAnswer } from './no-answer.ts'
import { plainText } from './plain-text.ts'

const LONGEST_REQUEST_ID = 100
/** The time within which all questions of a conversation must be answered. */
const DEADLINE_MS = 30_000

/** What came of one question: an answer over HTTP, from whomever, or none. */
export type Answer =
  | NoAnswer
  | {
      readonly is: 'http'
      readonly status: number
      readonly headers: Headers
      /** The parsed body; undefined when it was no JSON. */
      readonly json: unknown
      /** The start of a body that was no JSON. */
      readonly text: string
    }

/** Fetches without following redirects; throws when there is no answer. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** The questions put to a provider in one check, and what came of each. */
export interface Conversation {
  readonly calls: Call[]
  /** Carries one question of a library, records it, and gives the library nothing of the answer. */
  readonly wire: Fetch
  /** Runs a library's call and gives the answer that came over the wire, whatever the library made of it. */
  readonly ask: (question: () => Promise<unknown>) => Promise<Answer>
}

/** Begins a conversation with a provider, of 30 s at most. `describe` says an answer in a few words. */
export function startConversation(options: {
  readonly fetch: Fetch
  readonly signal?: AbortSignal | undefined
  readonly requestIdHeader: string
  readonly describe: (answer: Extract<Answer, { is: 'http' }>) => string
}): Conversation {
  const deadline = AbortSignal.timeout(DEADLINE_MS)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  const calls: Call[] = []
  let last: Answer | null = null
  const wire: Fetch = async (url, init) => {
    const begun = performance.now()
    const answer = await exchange(options.fetch, url, { ...init, redirect: 'manual', signal })
    const http = answer.is === 'http'
    const requestId = http ? answer.headers.get(options.requestIdHeader) : null
    calls.push({
      method: init?.method ?? 'GET',
      url: plainText(url, 500),
      status: http ? answer.status : null,
      // A longer one is no provider's; what a cut leaves of it could be a part of a token.
      requestId: requestId === null || requestId.length > LONGEST_REQUEST_ID ? null : plainText(requestId),
      durationMs: Math.round(performance.now() - begun),
      answer: http ? plainText(options.describe(answer)) : answer.sentence,
    })
    last = answer
    return new Response(null, { status: 204 })
  }
  const ask: Conversation['ask'] = async (question) => {
    last = null
    // The libraries' errors hold the token and lose the reason, so neither their errors nor their results are used.
    const failure: unknown = await question().then(
      () => null,
      (error: unknown) => error,
    )
    return last ?? whyNoAnswer(failure, 'The provider')
  }
  return { calls, wire, ask }
}

async function exchange(fetch: Fetch, url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, init)
    const text = await response.text()
    const silence = silencerOf(init.headers)
    const headers = new Headers([...response.headers].map(([name, value]) => [name, silence(value)]))
    const { status } = response
    return { is: 'http', status, headers, json: silenceJson(parsed(text), silence), text: silence(text.slice(0, 400)) }
  } catch (error) {
    return whyNoAnswer(error, new URL(url).host)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
