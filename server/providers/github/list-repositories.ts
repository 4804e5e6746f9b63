import { z } from 'zod'
import type { Answer, Fetch } from '../conversation.ts'
import type { Listing, RepositoryPage } from '../listed.ts'
import { repositoriesOf } from './listing.ts'
import { HEADERS, octokitOver, talkToGitHub } from './requests.ts'
import { partialBySso } from './sso.ts'
import { stoppedBy } from './stopped.ts'

/** The most that GitHub gives in one page. */
const PER_PAGE = 100

/**
 * Every repository that a token reaches, page by page, the most recently active first; a page that has not changed
 * since it was known costs nothing of the allowance.
 * @see https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export async function* listRepositories(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  listing: Listing & { apiUrl: string },
): AsyncGenerator<RepositoryPage> {
  for (let number = 1; ; number++) {
    const known = listing.known.get(number)
    const answer = await ask(world.fetch, token, { ...listing, number, etag: known?.etag })
    const page = read(answer, { baseUrl: listing.baseUrl, known, now: world.clock() })
    yield page
    if (page.is === 'stopped' || !page.more) return
  }
}

function ask(
  fetch: Fetch,
  token: string,
  { of, apiUrl, number, etag }: Listing & { apiUrl: string; number: number; etag: string | undefined },
): Promise<Answer> {
  const conversation = talkToGitHub(fetch)
  const octokit = octokitOver(conversation, { auth: token, apiUrl })
  const headers = etag === undefined ? HEADERS : { ...HEADERS, 'if-none-match': etag }
  const page = { per_page: PER_PAGE, page: number, headers }
  return conversation.ask(() =>
    of === 'installation'
      ? octokit.request('GET /installation/repositories', page)
      : octokit.request('GET /user/repos', { ...page, sort: 'pushed', direction: 'desc' }),
  )
}

function read(
  answer: Answer,
  { baseUrl, known, now }: { baseUrl: string; known: { more: boolean } | undefined; now: Date },
): RepositoryPage {
  if (answer.is === 'http' && answer.status === 304 && known) {
    return { is: 'unchanged', more: known.more, pagesInAll: null, incomplete: partialBySso(answer.headers) }
  }
  const items = answer.is === 'http' && answer.status === 200 ? itemsOf(answer.json) : null
  if (answer.is !== 'http' || items === null) return stoppedBy(answer, 'The list of repositories', now)
  const link = answer.headers.get('link') ?? ''
  const last = /[?&]page=(\d+)[^>]*>; rel="last"/.exec(link)?.[1]
  return {
    is: 'page',
    repositories: repositoriesOf(items, baseUrl),
    etag: answer.headers.get('etag'),
    more: /rel="next"/.test(link),
    pagesInAll: last === undefined ? null : Number(last),
    incomplete: partialBySso(answer.headers),
  }
}

function itemsOf(json: unknown): unknown[] | null {
  if (Array.isArray(json)) return json
  const wrapped = z.object({ repositories: z.array(z.unknown()) }).safeParse(json)
  return wrapped.success ? wrapped.data.repositories : null
}
