import { Branches } from '@gitbeaker/rest'
import { z } from 'zod'
import { instantOf } from '../check.ts'
import type { Answer, Conversation, Fetch } from '../conversation.ts'
import type { BranchPage } from '../listed.ts'
import { nextQuery } from './next-query.ts'
import { requester } from './requester.ts'
import { stoppedBy } from './stopped.ts'
import { talkToGitLab } from './talk.ts'

const PER_PAGE = 100

const listed = z.array(
  z.object({ name: z.string(), commit: z.object({ id: z.string(), committed_date: z.string().nullish() }) }),
)

/**
 * Every branch of a project, page by page, the most recently changed first.
 * @see https://docs.gitlab.com/api/branches/#list-repository-branches
 */
export async function* listBranches(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  { baseUrl, repositoryId }: { baseUrl: string; repositoryId: string },
): AsyncGenerator<BranchPage> {
  for (let next: string | null = ''; next !== null; ) {
    const answer: Answer = await ask(talkToGitLab(world.fetch), token, { baseUrl, repositoryId, query: next })
    const found = answer.is === 'http' && answer.status === 200 ? listed.safeParse(answer.json) : null
    if (answer.is !== 'http' || !found?.success) {
      yield stoppedBy(answer, 'The branches', world.clock())
      return
    }
    next = nextQuery(answer.headers)
    const branches = found.data.map(({ name, commit }) => {
      return { name, commit: commit.id, committedAt: instantOf(commit.committed_date) }
    })
    yield { is: 'page', branches, more: next !== null }
  }
}

function ask(
  conversation: Conversation,
  token: string,
  { baseUrl, repositoryId, query }: { baseUrl: string; repositoryId: string; query: string },
): Promise<Answer> {
  if (query) {
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` }
    const url = `${baseUrl}/api/v4/projects/${encodeURIComponent(repositoryId)}/repository/branches?${query}`
    return conversation.ask(() => conversation.wire(url, { headers }))
  }
  const branches = new Branches({ host: baseUrl, oauthToken: token, requesterFn: requester(conversation) })
  const first = { sort: 'updated_desc', perPage: PER_PAGE, maxPages: 1 } as const
  return conversation.ask(() => branches.all(repositoryId, first))
}
