import { z } from 'zod'
import { instantOf } from '../check.ts'
import type { Answer, Fetch } from '../conversation.ts'
import type { BranchPage, ListedBranch } from '../listed.ts'
import { stoppedBy } from '../stopped.ts'
import { REFUSING } from './listing.ts'
import { HEADERS, octokitOver, talkToGitHub } from './requests.ts'

const PER_PAGE = 100

const QUERY = `query ($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    refs(refPrefix: "refs/heads/", first: ${PER_PAGE}, after: $after) {
      nodes { name target { oid ... on Commit { committedDate } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`
const answered = z.object({
  data: z.object({
    repository: z.object({
      refs: z.object({
        nodes: z.array(
          z.object({ name: z.string(), target: z.object({ oid: z.string(), committedDate: z.string().nullish() }) }),
        ),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      }),
    }),
  }),
})
const listed = z.array(z.object({ name: z.string(), commit: z.object({ sha: z.string() }) }))

/** Which page of which repository's branches, where. */
export interface Asked {
  readonly apiUrl: string
  readonly repositoryId: string
  readonly fullName: string
  /** A cursor of GraphQL, or `rest:` and the number of a page; null for the first. */
  readonly place: string | null
}

const BY_NAME = 'rest:'

/**
 * A page of the branches of a repository. REST tells no dates, so GraphQL is asked; where it is not to be had, the
 * names come without dates.
 * @see https://docs.github.com/en/graphql/reference/objects#ref
 * @see https://docs.github.com/en/rest/branches/branches#list-branches
 */
export async function listBranches(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  asked: Asked,
): Promise<BranchPage> {
  const { place } = asked
  if (place?.startsWith(BY_NAME))
    return listByName(world, token, { ...asked, page: Number(place.slice(BY_NAME.length)) })
  const answer = await askByGraph(world.fetch, token, asked)
  const page = answer.is === 'http' && answer.status === 200 ? answered.safeParse(answer.json) : null
  if (page?.success) {
    const { nodes, pageInfo } = page.data.data.repository.refs
    const branches = nodes.map(({ name, target }): ListedBranch => {
      return { name, commit: target.oid, committedAt: instantOf(target.committedDate) }
    })
    return { is: 'page', branches, next: pageInfo.hasNextPage ? pageInfo.endCursor : null }
  }
  if (place === null) return listByName(world, token, { ...asked, page: 1 })
  return stoppedBy(answer, { ...REFUSING, what: 'The branches', now: world.clock() })
}

function askByGraph(fetch: Fetch, token: string, { apiUrl, fullName, place }: Asked): Promise<Answer> {
  const [owner = '', name = ''] = fullName.split('/')
  const conversation = talkToGitHub(fetch)
  const octokit = octokitOver(conversation, { auth: token, apiUrl })
  return conversation.ask(() => octokit.graphql(QUERY, { owner, name, after: place }))
}

async function listByName(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  { apiUrl, repositoryId, page }: Asked & { page: number },
): Promise<BranchPage> {
  const conversation = talkToGitHub(world.fetch)
  const octokit = octokitOver(conversation, { auth: token, apiUrl })
  const query = { repository_id: Number(repositoryId), per_page: PER_PAGE, page, headers: HEADERS }
  const answer = await conversation.ask(() => octokit.request('GET /repositories/{repository_id}/branches', query))
  const found = answer.is === 'http' && answer.status === 200 ? listed.safeParse(answer.json) : null
  if (answer.is !== 'http' || !found?.success) {
    return stoppedBy(answer, { ...REFUSING, what: 'The branches', now: world.clock() })
  }
  const more = /rel="next"/.test(answer.headers.get('link') ?? '')
  const branches = found.data.map(({ name, commit }) => ({ name, commit: commit.sha, committedAt: null }))
  return { is: 'page', branches, next: more ? `${BY_NAME}${page + 1}` : null }
}
