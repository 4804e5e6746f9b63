import { Projects } from '@gitbeaker/rest'
import type { Answer, Conversation, Fetch } from '../conversation.ts'
import type { PageAsked, RepositoryPage } from '../listed.ts'
import { stoppedBy } from '../stopped.ts'
import { REFUSING, repositoriesOf } from './listing.ts'
import { nextQuery } from './next-query.ts'
import { requester } from './requester.ts'
import { talkToGitLab } from './talk.ts'

const PER_PAGE = 100

/**
 * A page of the projects that a token is a member of. In the order of their ids pages do not shift while they are read,
 * and there is no end to how many can be.
 * @see https://docs.gitlab.com/api/rest/#keyset-based-pagination
 */
export async function listRepositories(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  { baseUrl, place }: PageAsked,
): Promise<RepositoryPage> {
  const answer = await ask(talkToGitLab(world.fetch), token, { baseUrl, place })
  if (answer.is !== 'http' || answer.status !== 200 || !Array.isArray(answer.json)) {
    return stoppedBy(answer, { ...REFUSING, what: 'The list of projects', now: world.clock() })
  }
  const pages = Number(answer.headers.get('x-total-pages') ?? Number.NaN)
  return {
    is: 'page',
    repositories: repositoriesOf(answer.json, baseUrl),
    ...{ etag: null, next: nextQuery(answer.headers), pagesInAll: pages > 0 ? pages : null, incomplete: null },
  }
}

function ask(
  conversation: Conversation,
  token: string,
  { baseUrl, place }: { baseUrl: string; place: string | null },
): Promise<Answer> {
  if (place !== null) {
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` }
    return conversation.ask(() => conversation.wire(`${baseUrl}/api/v4/projects?${place}`, { headers }))
  }
  const projects = new Projects({ host: baseUrl, oauthToken: token, requesterFn: requester(conversation) })
  const first = { membership: true, pagination: 'keyset', orderBy: 'id', sort: 'desc', perPage: PER_PAGE } as const
  return conversation.ask(() => projects.all({ ...first, maxPages: 1 }))
}
