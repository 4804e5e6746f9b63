import { Branches } from '@gitbeaker/rest'
import { z } from 'zod'
import { instantOf } from '../check.ts'
import type { Answer, Conversation, Fetch } from '../conversation.ts'
import type { BranchPage } from '../listed.ts'
import { stoppedBy } from '../stopped.ts'
import { REFUSING } from './listing.ts'
import { nextQuery } from './next-query.ts'
import { requester } from './requester.ts'
import { talkToGitLab } from './talk.ts'

const PER_PAGE = 100

const listed = z.array(
  z.object({ name: z.string(), commit: z.object({ id: z.string(), committed_date: z.string().nullish() }) }),
)

/**
 * A page of the branches of a project, the most recently changed first.
 * @see https://docs.gitlab.com/api/branches/#list-repository-branches
 */
export async function listBranches(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  asked: { baseUrl: string; repositoryId: string; place: string | null },
): Promise<BranchPage> {
  const answer = await ask(talkToGitLab(world.fetch), token, asked)
  const found = answer.is === 'http' && answer.status === 200 ? listed.safeParse(answer.json) : null
  if (answer.is !== 'http' || !found?.success) {
    return stoppedBy(answer, { ...REFUSING, what: 'The branches', now: world.clock() })
  }
  const branches = found.data.map(({ name, commit }) => {
    return { name, commit: commit.id, committedAt: instantOf(commit.committed_date) }
  })
  return { is: 'page', branches, next: nextQuery(answer.headers) }
}

function ask(
  conversation: Conversation,
  token: string,
  { baseUrl, repositoryId, place }: { baseUrl: string; repositoryId: string; place: string | null },
): Promise<Answer> {
  if (place !== null) {
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` }
    const url = `${baseUrl}/api/v4/projects/${encodeURIComponent(repositoryId)}/repository/branches?${place}`
    return conversation.ask(() => conversation.wire(url, { headers }))
  }
  const branches = new Branches({ host: baseUrl, oauthToken: token, requesterFn: requester(conversation) })
  const first = { sort: 'updated_desc', perPage: PER_PAGE, maxPages: 1 } as const
  return conversation.ask(() => branches.all(repositoryId, first))
}
