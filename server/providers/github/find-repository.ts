import { z } from 'zod'
import type { Answer, Fetch } from '../conversation.ts'
import type { BarredReason, RepositoryFound, RepositoryName } from '../listed.ts'
import { plainText } from '../plain-text.ts'
import { stoppedBy } from '../stopped.ts'
import { isRateLimited } from './judge-any.ts'
import { REFUSING, repositoriesOf } from './listing.ts'
import { refusalOf } from './refusal.ts'
import { HEADERS, octokitOver, talkToGitHub } from './requests.ts'
import { authorizationUrl } from './sso.ts'

const role = z.object({ permissions: z.object({ push: z.boolean(), triage: z.boolean().optional() }) })
const blocked = z.object({ block: z.object({ reason: z.string().nullish() }) })

/**
 * One repository as a token sees it. One that was renamed or transferred answers from its new place.
 * @see https://docs.github.com/en/rest/repos/repos#get-a-repository
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
 */
export async function findRepository(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  token: string,
  { apiUrl, baseUrl, named }: { apiUrl: string; baseUrl: string; named: RepositoryName },
): Promise<RepositoryFound> {
  const conversation = talkToGitHub(world.fetch)
  const octokit = octokitOver(conversation, { auth: token, apiUrl })
  const byId = (id: string) =>
    conversation.ask(() => octokit.request('GET /repositories/{id}', { id: Number(id), headers: HEADERS }))
  const byName = ([owner = '', repo = '']: string[]) =>
    conversation.ask(() => octokit.request('GET /repos/{owner}/{repo}', { owner, repo, headers: HEADERS }))
  const first = await ('id' in named ? byId(named.id) : byName(named.fullName.split('/')))
  const moved = first.is === 'http' && first.status === 301 ? idIn(first.headers.get('location')) : null
  const answer = moved === null ? first : await byId(moved)
  const [repository] = answer.is === 'http' && answer.status === 200 ? repositoriesOf([answer.json], baseUrl) : []
  if (answer.is === 'http' && repository) {
    return { is: 'found', repository, member: repository.private || hasRole(answer.json) }
  }
  const reason = reasonOf(answer)
  if (answer.is !== 'http' || reason === null) {
    return stoppedBy(answer, { ...REFUSING, what: 'The repository', now: world.clock() })
  }
  const message = plainText(`GitHub answered ${answer.status}: ${refusalOf(answer) ?? 'no reason given'}`, 300)
  return { is: 'barred', reason, message, remedyUrl: authorizationUrl(answer.headers, baseUrl) }
}

/** Everybody may read what is public; who may do more was let in. */
function hasRole(json: unknown): boolean {
  const { data } = role.safeParse(json)
  return data !== undefined && (data.permissions.push || data.permissions.triage === true)
}

/** The redirect may name whatever host; of it only the id counts. */
function idIn(location: string | null): string | null {
  return /\/repositories\/(\d{1,15})(?:[/?#]|$)/.exec(location ?? '')?.[1] ?? null
}

/** Why this repository is shut; null where the answer says nothing of it. */
function reasonOf(answer: Answer): BarredReason | null {
  if (answer.is !== 'http' || isRateLimited(answer)) return null
  if (answer.status === 451 || (answer.status === 403 && blocked.safeParse(answer.json).success)) return 'blocked'
  const words = refusalOf(answer)
  if (words === null) return null
  if (answer.status === 404) return 'notFound'
  if (answer.status !== 403) return null
  if (answer.headers.get('x-github-sso')?.startsWith('required') || /SAML enforcement/i.test(words)) {
    return 'singleSignOn'
  }
  if (/OAuth App access restrictions/i.test(words)) return 'oauthRestricted'
  // A suspended account and a lockout are not about this repository.
  return /account was suspended|login attempts exceeded/i.test(words) ? null : 'forbidden'
}
