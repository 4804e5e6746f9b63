import { z } from 'zod'
import type { Fetch } from '../conversation.ts'
import type { PageAsked, RepositoryPage } from '../listed.ts'
import { stoppedBy } from '../stopped.ts'
import { REFUSING, repositoriesOf } from './listing.ts'
import { HEADERS, octokitOver, talkToGitHub } from './requests.ts'
import { partialBySso } from './sso.ts'

/** The most that GitHub gives in one page. */
const PER_PAGE = 100

/**
 * A page of the repositories that a token reaches, the most recently active first; one that has not changed since it
 * was known costs nothing of the allowance.
 * @see https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export async function listRepositories(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  { of, apiUrl, baseUrl, place, etag }: PageAsked & { apiUrl: string },
): Promise<RepositoryPage> {
  const conversation = talkToGitHub(world.fetch)
  const octokit = octokitOver(conversation, { auth: token, apiUrl })
  const number = Number(place ?? 1)
  const headers = etag === null ? HEADERS : { ...HEADERS, 'if-none-match': etag }
  const query = { per_page: PER_PAGE, page: number, headers }
  const answer = await conversation.ask(() =>
    of === 'installation'
      ? octokit.request('GET /installation/repositories', query)
      : octokit.request('GET /user/repos', { ...query, sort: 'pushed', direction: 'desc' }),
  )
  if (answer.is === 'http' && answer.status === 304 && etag !== null) {
    return { is: 'unchanged', incomplete: partialBySso(answer.headers) }
  }
  const items = answer.is === 'http' && answer.status === 200 ? itemsOf(answer.json) : null
  if (answer.is !== 'http' || items === null) {
    return stoppedBy(answer, { ...REFUSING, what: 'The list of repositories', now: world.clock() })
  }
  const link = answer.headers.get('link') ?? ''
  const last = /[?&]page=(\d+)[^>]*>; rel="last"/.exec(link)?.[1]
  return {
    is: 'page',
    repositories: repositoriesOf(items, baseUrl),
    etag: answer.headers.get('etag'),
    next: /rel="next"/.test(link) ? String(number + 1) : null,
    pagesInAll: last === undefined ? null : Number(last),
    incomplete: partialBySso(answer.headers),
  }
}

function itemsOf(json: unknown): unknown[] | null {
  if (Array.isArray(json)) return json
  const wrapped = z.object({ repositories: z.array(z.unknown()) }).safeParse(json)
  return wrapped.success ? wrapped.data.repositories : null
}
