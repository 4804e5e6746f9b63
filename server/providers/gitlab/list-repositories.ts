import { Projects } from '@gitbeaker/rest'
import type { Answer, Conversation, Fetch } from '../conversation.ts'
import type { Listing, RepositoryPage } from '../listed.ts'
import { repositoriesOf } from './listing.ts'
import { nextQuery } from './next-query.ts'
import { requester } from './requester.ts'
import { stoppedBy } from './stopped.ts'
import { talkToGitLab } from './talk.ts'

const PER_PAGE = 100

/**
 * Every project that a token is a member of, page by page. In the order of their ids pages do not shift while they are
 * read, and there is no end to how many can be.
 * @see https://docs.gitlab.com/api/rest/#keyset-based-pagination
 */
export async function* listRepositories(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  { baseUrl }: Listing,
): AsyncGenerator<RepositoryPage> {
  for (let next: string | null = ''; next !== null; ) {
    const answer: Answer = await ask(talkToGitLab(world.fetch), token, { baseUrl, query: next })
    const page = read(answer, { baseUrl, now: world.clock() })
    next = answer.is === 'http' ? nextQuery(answer.headers) : null
    yield page.is === 'page' ? { ...page, more: next !== null } : page
    if (page.is === 'stopped') return
  }
}

function ask(
  conversation: Conversation,
  token: string,
  { baseUrl, query }: { baseUrl: string; query: string },
): Promise<Answer> {
  if (query) {
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` }
    return conversation.ask(() => conversation.wire(`${baseUrl}/api/v4/projects?${query}`, { headers }))
  }
  const projects = new Projects({ host: baseUrl, oauthToken: token, requesterFn: requester(conversation) })
  const first = { membership: true, pagination: 'keyset', orderBy: 'id', sort: 'desc', perPage: PER_PAGE } as const
  return conversation.ask(() => projects.all({ ...first, maxPages: 1 }))
}

function read(answer: Answer, { baseUrl, now }: { baseUrl: string; now: Date }): RepositoryPage {
  if (answer.is !== 'http' || answer.status !== 200 || !Array.isArray(answer.json))
    return stoppedBy(answer, 'The list of projects', now)
  const pages = Number(answer.headers.get('x-total-pages') ?? Number.NaN)
  return {
    is: 'page',
    repositories: repositoriesOf(answer.json, baseUrl),
    ...{ etag: null, more: false, pagesInAll: pages > 0 ? pages : null, incomplete: null },
  }
}
