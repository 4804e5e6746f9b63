import type { Verdict } from '@git-connections/events'
import type { LsRemote } from '../../git/ls-remote.ts'
import { instantOf, type Learned, mostRecent, nothingLearned, tryClone, verdictOf } from '../check.ts'
import type { Answer, Conversation, Fetch } from '../conversation.ts'
import type { ListedRepository } from '../listed.ts'
import { plainText } from '../plain-text.ts'
import type { Prior } from '../provider.ts'
import { rateLimitOf } from '../retry-after.ts'
import { githubUser, judgeGitHub } from './judge.ts'
import { listTick, repositoriesOf } from './listing.ts'
import { HEADERS, octokitOver, RATE, talkToGitHub } from './requests.ts'
import { partialBySso } from './sso.ts'
import { recogniseGitHubToken } from './token-paste.ts'

/** Asks GitHub about a person's token and judges what it answers. */
export async function checkToken(
  world: { readonly fetch: Fetch; readonly lsRemote: LsRemote; readonly clock: () => Date },
  token: string,
  instance: { baseUrl: string; apiUrl: string; prior: Prior; signal?: AbortSignal },
): Promise<Verdict> {
  const { baseUrl, apiUrl, prior } = instance
  const begun = performance.now()
  const conversation = talkToGitHub(world.fetch, instance.signal)
  const { user, repositories } = await converse(conversation, token, apiUrl)
  const learned = learn(user, repositories, { token, baseUrl })
  const { scopes, missingScopes } = learned
  const now = world.clock()
  const finding = judgeGitHub({ user, repositories, scopes, missingScopes }, prior, now)
  if (finding.is === 'answered' && finding.outcome === 'active') {
    const credential = { username: 'x-access-token', password: token }
    const { canClone, warnings } = await tryClone(world.lsRemote, learned.repositories[0], credential)
    Object.assign(learned, { canClone, warnings: [...learned.warnings, ...warnings] })
  }
  return verdictOf(finding, learned, { calls: conversation.calls, begun, now, secrets: [token] })
}

async function converse(conversation: Conversation, token: string, apiUrl: string) {
  const octokit = octokitOver(conversation, { auth: token, apiUrl })
  const headers = HEADERS
  const user = await conversation.ask(() => octokit.request('GET /user', { headers }))
  if (user.is !== 'http' || user.status !== 200 || !githubUser.safeParse(user.json).success)
    return { user, repositories: null }
  const query = { sort: 'pushed', direction: 'desc', per_page: 30, headers } as const
  return { user, repositories: await conversation.ask(() => octokit.request('GET /user/repos', query)) }
}

function learn(user: Answer, listing: Answer | null, of: { token: string; baseUrl: string }): Learned {
  if (user.is !== 'http') return { ...nothingLearned }
  const account = githubUser.safeParse(user.json)
  const accepted = user.status === 200 && account.success
  const recognised = recogniseGitHubToken(of.token)
  const scopeHeader = user.headers.get('x-oauth-scopes')
  const scopes =
    scopeHeader === null
      ? null
      : scopeHeader
          .split(',')
          .map((scope) => plainText(scope, 60))
          .filter(Boolean)
  const repositories = repositoriesIn(listing, of.baseUrl)
  return {
    ...nothingLearned,
    account: accepted
      ? {
          id: String(account.data.id),
          login: plainText(account.data.login, 100),
          name: account.data.name ? plainText(account.data.name, 100) : null,
          kind: account.data.type === 'Bot' ? 'bot' : account.data.type === 'Organization' ? 'organization' : 'user',
          url: `${of.baseUrl}/${encodeURIComponent(account.data.login.toWellFormed().slice(0, 100))}`,
        }
      : null,
    tokenKind: recognised.is === 'token' ? recognised.kind : null,
    scopes: accepted ? scopes : null,
    missingScopes: accepted && scopes !== null && !scopes.includes('repo') ? ['repo'] : [],
    expiresAt: githubExpiry(user.headers.get('github-authentication-token-expiration')),
    rateLimit: rateLimitOf((listing?.is === 'http' ? listing : user).headers, RATE),
    warnings: warningsOf(listing, { scopes, none: repositories?.length === 0 }),
    canList: listTick(listing, repositories && listedOf(repositories.length)),
    repositories: mostRecent(repositories ?? []),
  }
}

function repositoriesIn(listing: Answer | null, baseUrl: string): ListedRepository[] | null {
  if (listing?.is !== 'http' || listing.status !== 200 || !Array.isArray(listing.json)) return null
  return repositoriesOf(listing.json, baseUrl)
}

function listedOf(count: number): string {
  return count === 0 ? 'GitHub answered with an empty list.' : 'GitHub listed repositories that this token reaches.'
}

function warningsOf(listing: Answer | null, seen: { scopes: string[] | null; none: boolean }): Learned['warnings'] {
  const warnings: Learned['warnings'] = []
  const partial = listing?.is === 'http' ? partialBySso(listing.headers) : null
  if (partial !== null) warnings.push({ code: 'ssoPartial', message: partial })
  if (seen.scopes?.includes('repo') && !seen.scopes.some((scope) => /^(read|write|admin):org$/.test(scope))) {
    warnings.push({
      code: 'readOrgMissing',
      message: 'The token lacks the scope read:org, so organizations may not be named.',
    })
  }
  if (seen.none) warnings.push({ code: 'noRepositories', message: 'The token reaches no repository.' })
  return warnings
}

/** Reads the end of a token in either form: "2026-01-02 03:04:05 UTC" or "... +0200"; null when it is neither. */
function githubExpiry(header: string | null): string | null {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:UTC|([+-]\d\d):?(\d\d))$/.exec(header?.trim() ?? '')
  if (!parts) return null
  const [, date, time, hours, minutes] = parts
  return instantOf(`${date}T${time}${hours ? `${hours}:${minutes}` : 'Z'}`)
}
