import { z } from 'zod'
import { instantOf } from '../check.ts'
import type { Answer, Fetch } from '../conversation.ts'
import type { BranchPage, ListedBranch } from '../listed.ts'
import { HEADERS, octokitOver, talkToGitHub } from './requests.ts'
import { stoppedBy } from './stopped.ts'

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

/** Which repository, where. */
export interface Asked {
  readonly apiUrl: string
  readonly repositoryId: string
  readonly fullName: string
}

/**
 * Every branch of a repository, page by page. REST tells no dates, so GraphQL is asked; where it is not to be had, the
 * names come without dates.
 * @see https://docs.github.com/en/graphql/reference/objects#ref
 * @see https://docs.github.com/en/rest/branches/branches#list-branches
 */
export async function* listBranches(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  asked: Asked,
): AsyncGenerator<BranchPage> {
  for (let after: string | null = null, first = true; first || after !== null; first = false) {
    const answer: Answer = await askByGraph(world.fetch, token, { ...asked, after })
    const page = answer.is === 'http' && answer.status === 200 ? answered.safeParse(answer.json) : null
    if (!page?.success) {
      if (first) yield* listByName(world, token, asked)
      else yield stoppedBy(answer, 'The branches', world.clock())
      return
    }
    const { nodes, pageInfo } = page.data.data.repository.refs
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    const branches = nodes.map(({ name, target }): ListedBranch => {
      return { name, commit: target.oid, committedAt: instantOf(target.committedDate) }
    })
    yield { is: 'page', branches, more: after !== null }
  }
}

function askByGraph(fetch: Fetch, token: string, of: Asked & { after: string | null }): Promise<Answer> {
  const [owner = '', name = ''] = of.fullName.split('/')
  const conversation = talkToGitHub(fetch)
  const octokit = octokitOver(conversation, { auth: token, apiUrl: of.apiUrl })
  return conversation.ask(() => octokit.graphql(QUERY, { owner, name, after: of.after }))
}

async function* listByName(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  { apiUrl, repositoryId }: Asked,
): AsyncGenerator<BranchPage> {
  for (let page = 1; ; page++) {
    const conversation = talkToGitHub(world.fetch)
    const octokit = octokitOver(conversation, { auth: token, apiUrl })
    const query = { repository_id: Number(repositoryId), per_page: PER_PAGE, page, headers: HEADERS }
    const answer = await conversation.ask(() => octokit.request('GET /repositories/{repository_id}/branches', query))
    const found = answer.is === 'http' && answer.status === 200 ? listed.safeParse(answer.json) : null
    if (answer.is !== 'http' || !found?.success) {
      yield stoppedBy(answer, 'The branches', world.clock())
      return
    }
    const more = /rel="next"/.test(answer.headers.get('link') ?? '')
    const branches = found.data.map(({ name, commit }) => ({ name, commit: commit.sha, committedAt: null }))
    yield { is: 'page', branches, more }
    if (!more) return
  }
}
