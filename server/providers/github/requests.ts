import { Octokit } from 'octokit'
import { type Conversation, type Fetch, startConversation } from '../conversation.ts'
import { refusalOf } from './refusal.ts'

const QUIET = { debug() {}, info() {}, warn() {}, error() {} }

/** Headers of every request: the API version that our schemas were written for. */
export const HEADERS = { 'x-github-api-version': '2022-11-28' } as const

/** Where GitHub tells what is left of an allowance. */
export const RATE = { limit: 'x-ratelimit-limit', remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' }

/** Begins a conversation with GitHub. */
export function talkToGitHub(fetch: Fetch, signal?: AbortSignal): Conversation {
  return startConversation({
    fetch,
    signal,
    requestIdHeader: 'x-github-request-id',
    describe: (answer) => refusalOf(answer) ?? (answer.json === undefined ? 'no JSON' : 'accepted'),
  })
}

/** octokit as a maker of requests; they go over the conversation's wire, and octokit repeats and delays none. */
export function octokitOver({ wire }: Conversation, { auth, apiUrl }: { auth: string; apiUrl: string }): Octokit {
  return new Octokit({
    auth,
    baseUrl: apiUrl,
    log: QUIET,
    request: { fetch: wire },
    retry: { enabled: false },
    throttle: { enabled: false },
  })
}
