import { CHECK_DEADLINE_MS } from '../check.ts'
import { type Conversation, type Fetch, startConversation } from '../conversation.ts'
import { textOf } from './answers.ts'

/** Begins a conversation with GitLab that ends within the time of a check. */
export function talkToGitLab(fetch: Fetch, signal?: AbortSignal): Conversation {
  const deadline = AbortSignal.timeout(CHECK_DEADLINE_MS)
  return startConversation({
    fetch,
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    requestIdHeader: 'x-request-id',
    describe: (answer) => textOf(answer) || (answer.json === undefined ? 'no JSON' : 'accepted'),
  })
}
