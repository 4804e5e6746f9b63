import { Projects } from '@gitbeaker/rest'
import { z } from 'zod'
import type { Answer, Fetch } from '../conversation.ts'
import type { BarredReason, RepositoryFound, RepositoryName } from '../listed.ts'
import { plainText } from '../plain-text.ts'
import { stoppedBy } from '../stopped.ts'
import { isUnspecific403, textOf } from './answers.ts'
import { REFUSING, repositoriesOf } from './listing.ts'
import { requester } from './requester.ts'
import { talkToGitLab } from './talk.ts'

const access = z.unknown().nullable()
const rights = z.object({ permissions: z.object({ project_access: access, group_access: access }) })
const withoutCode = z.object({ id: z.number(), repository_access_level: z.literal('disabled') })

/**
 * One project as a token sees it. One that was renamed or transferred answers from its new place.
 * @see https://docs.gitlab.com/api/projects/#get-a-single-project
 * @see https://docs.gitlab.com/api/rest/#redirects
 */
export async function findRepository(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  { baseUrl, named }: { baseUrl: string; named: RepositoryName },
): Promise<RepositoryFound> {
  const conversation = talkToGitLab(world.fetch)
  const projects = new Projects({ host: baseUrl, oauthToken: token, requesterFn: requester(conversation) })
  const show = (project: string) => conversation.ask(() => projects.show(project))
  const first = await show('id' in named ? named.id : named.fullName)
  const moved = first.is === 'http' && first.status === 301 ? idIn(first.headers.get('location')) : null
  const answer = moved === null ? first : await show(moved)
  const ok = answer.is === 'http' && answer.status === 200
  const [repository] = ok ? repositoriesOf([answer.json], baseUrl) : []
  if (ok && repository) return { is: 'found', repository, member: isMember(answer.json) ?? repository.private }
  const reason = reasonOf(answer)
  if (answer.is !== 'http' || reason === null) {
    return stoppedBy(answer, { ...REFUSING, what: 'The project', now: world.clock() })
  }
  const words = reason === 'noCode' ? 'The project has no repository.' : `GitLab answered ${textOf(answer)}.`
  return { is: 'barred', reason, message: plainText(words, 300), remedyUrl: null }
}

/** Null where the answer does not tell. */
function isMember(json: unknown): boolean | null {
  const { data } = rights.safeParse(json)
  return data ? Boolean(data.permissions.project_access ?? data.permissions.group_access) : null
}

/** The redirect may name whatever host; of it only the id counts. */
function idIn(location: string | null): string | null {
  return /\/projects\/(\d{1,15})(?:[/?#]|$)/.exec(location ?? '')?.[1] ?? null
}

/** Why this project is shut; null where the answer says nothing of it. */
function reasonOf(answer: Answer): BarredReason | null {
  if (answer.is !== 'http') return null
  if (answer.status === 200) return withoutCode.safeParse(answer.json).success ? 'noCode' : null
  // What is not in GitLab's words is of something on the way.
  if (!textOf(answer)) return null
  if (answer.status === 404) return 'notFound'
  return isUnspecific403(answer) ? 'forbidden' : null
}
