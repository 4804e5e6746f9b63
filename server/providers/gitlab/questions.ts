import { PersonalAccessTokens, Projects, Users } from '@gitbeaker/rest'
import type { Answer, Conversation } from '../conversation.ts'
import {
  type GitLabAnswers,
  gitlabToken,
  gitlabUser,
  isOk,
  isPlain401,
  isUnspecific403,
  knowsNoSelf,
} from './answers.ts'
import { requester } from './requester.ts'

/** The questions of one check, asked through gitbeaker's resources over a transport of ours. */
export async function askGitLab(
  conversation: Conversation,
  { token, kind, baseUrl, worked }: { token: string; kind: 'token' | 'oauth'; baseUrl: string; worked: boolean },
): Promise<GitLabAnswers> {
  const options = {
    host: baseUrl,
    // Bearer also for personal tokens: a PRIVATE-TOKEN header survives where Authorization is dropped.
    oauthToken: token,
    requesterFn: requester(conversation),
  }
  const last = async (self: Answer, user: Answer | null): Promise<GitLabAnswers> => {
    const instance = worked && isPlain401(user ?? self) ? await askInstance(conversation, baseUrl) : null
    return { self, user, projects: null, instance }
  }
  const self = await askTwice(conversation, () =>
    kind === 'oauth' ? tokenInfo(conversation, { token, baseUrl }) : new PersonalAccessTokens(options).show(),
  )
  if (!(isOk(self) && gitlabToken.safeParse(self.json).success) && !knowsNoSelf(self)) return last(self, null)
  const user = await askTwice(conversation, () => new Users(options).showCurrentUser())
  if (!isOk(user) || !gitlabUser.safeParse(user.json).success) return last(self, user)
  const query = { membership: true, orderBy: 'last_activity_at', sort: 'desc', perPage: 30, maxPages: 1 } as const
  const projects = await conversation.ask(() => new Projects(options).all(query))
  return { self, user, projects, instance: null }
}

/** gitbeaker knows nothing of OAuth; of a grant's token GitLab tells here, and not at `/personal_access_tokens/self`. */
function tokenInfo({ wire }: Conversation, { token, baseUrl }: { token: string; baseUrl: string }) {
  return wire(`${baseUrl}/oauth/token/info`, { headers: { authorization: `Bearer ${token}` } })
}

/** An unspecific 403 is asked about twice before it is believed. */
async function askTwice(conversation: Conversation, question: () => Promise<unknown>): Promise<Answer> {
  const answer = await conversation.ask(question)
  return isUnspecific403(answer) ? conversation.ask(question) : answer
}

/** Whether a GitLab is there at all, asked as a stranger or with a token; `/metadata` came with 15.2. */
export async function askInstance(conversation: Conversation, baseUrl: string, token?: string): Promise<Answer> {
  const proof = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }
  const ask = (path: string) => conversation.ask(() => conversation.wire(`${baseUrl}/api/v4/${path}`, proof))
  const metadata = await ask('metadata')
  return metadata.is === 'http' && metadata.status === 404 ? ask('version') : metadata
}
