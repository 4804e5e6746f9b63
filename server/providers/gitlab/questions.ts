import { PersonalAccessTokens, Projects, Users } from '@gitbeaker/rest'
import type { Answer, Conversation } from '../conversation.ts'
import { gitlabToken, gitlabUser, wrongKind } from './judge.ts'

/** The questions of one check, asked through gitbeaker's resources over a transport of ours. */
export async function askGitLab(conversation: Conversation, token: string, baseUrl: string) {
  const options = {
    host: baseUrl,
    // Bearer also for personal tokens: a PRIVATE-TOKEN header survives where Authorization is dropped.
    oauthToken: token,
    requesterFn: requester(conversation),
  }
  const self = await conversation.ask(() => new PersonalAccessTokens(options).show())
  const own = okOf(self) ? gitlabToken.safeParse(self.json) : null
  const old = self.is === 'http' && (self.status === 404 || self.status === 400) && !wrongKind(self)
  if (!own?.success && !old) return { self, user: null, projects: null }
  const user = await askUser(conversation, () => new Users(options).showCurrentUser())
  if (!okOf(user) || !gitlabUser.safeParse(user.json).success) return { self, user, projects: null }
  const query = { membership: true, orderBy: 'last_activity_at', sort: 'desc', perPage: 30, maxPages: 1 } as const
  return { self, user, projects: await conversation.ask(() => new Projects(options).all(query)) }
}

/** An unspecific 403 is asked about twice before it is believed. */
async function askUser(conversation: Conversation, question: () => Promise<unknown>): Promise<Answer> {
  const answer = await conversation.ask(question)
  return answer.is === 'http' && answer.status === 403 ? conversation.ask(question) : answer
}

function okOf(answer: Answer): answer is Extract<Answer, { is: 'http' }> {
  return answer.is === 'http' && answer.status === 200
}

interface Resource {
  readonly url: string
  readonly headers: Record<string, string>
  readonly authHeaders: Record<string, () => Promise<string>>
}

/** In place of gitbeaker's transport, which retries, follows redirects and loses GitLab's reasons. */
function requester({ wire }: Conversation) {
  return ({ url, headers, authHeaders }: Resource) => {
    const send = (method: string) => async (endpoint: string, asked?: { searchParams?: Record<string, unknown> }) => {
      const address = new URL(endpoint, url.endsWith('/') ? url : `${url}/`)
      for (const [name, value] of Object.entries(asked?.searchParams ?? {})) {
        if (value === undefined || name === 'maxPages') continue
        address.searchParams.set(
          name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
          String(value),
        )
      }
      const proofs = Object.entries(authHeaders).map(async ([name, make]) => [name, await make()] as const)
      await wire(address.href, {
        method,
        headers: { accept: 'application/json', ...headers, ...Object.fromEntries(await Promise.all(proofs)) },
      })
      // The answer was taken at the wire; the library must not go on with it.
      throw new Error('taken')
    }
    return { get: send('GET'), post: send('POST'), put: send('PUT'), patch: send('PATCH'), delete: send('DELETE') }
  }
}
