import { type Conversation, type Fetch, startConversation } from '../conversation.ts'
import { textOf } from './answers.ts'

/** Begins a conversation with GitLab. */
export function talkToGitLab(fetch: Fetch, signal?: AbortSignal): Conversation {
  return startConversation({
    fetch,
    signal,
    requestIdHeader: 'x-request-id',
    describe: (answer) => textOf(answer) || (answer.json === undefined ? 'no JSON' : 'accepted'),
  })
}
