import type { SampledRepository, Tick } from '@git-connections/events'
import { Octokit } from 'octokit'
import { z } from 'zod'
import type { LsRemote } from '../../git/ls-remote.ts'
import { type BaseUrlRules, normaliseBaseUrl } from '../base-url.ts'
import {
  CHECK_DEADLINE_MS,
  instantOf,
  type Learned,
  mostRecent,
  nothingLearned,
  tryClone,
  verdictOf,
} from '../check.ts'
import { type Answer, type Conversation, type Fetch, startConversation } from '../conversation.ts'
import { plainText } from '../plain-text.ts'
import type { Provider } from '../provider.ts'
import { rateLimitOf } from '../retry-after.ts'
import { githubUser, judgeGitHub, refusalOf } from './judge.ts'
import { recogniseGitHubToken } from './token-paste.ts'

const repository = z.object({
  id: z.number(),
  full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  private: z.boolean().default(false),
  archived: z.boolean().default(false),
  pushed_at: z.string().nullish(),
})
const RATE = { limit: 'x-ratelimit-limit', remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' }
const QUIET = { debug() {}, info() {}, warn() {}, error() {} }

/** GitHub: github.com, GitHub Enterprise Server and ghe.com. */
export function createGitHub(world: {
  readonly fetch: Fetch
  readonly lsRemote: LsRemote
  readonly clock: () => Date
  readonly trusted: (url: URL) => boolean
  readonly url: string
  readonly apiUrl: string
}): Provider {
  const rules: BaseUrlRules = {
    provider: 'GitHub',
    standard: world.url,
    trusted: world.trusted,
    // GitHub is never below a path; what follows the host is a page of it.
    rootPath: () => '',
  }
  return {
    name: 'github',
    normaliseBaseUrl: (typed) => githubRoot(normaliseBaseUrl(typed, rules), world),
    recogniseToken: recogniseGitHubToken,
    checkToken: async (token, { baseUrl, prior, signal }) => {
      const begun = performance.now()
      const deadline = AbortSignal.timeout(CHECK_DEADLINE_MS)
      const conversation = startConversation({
        fetch: world.fetch,
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        requestIdHeader: 'x-github-request-id',
        describe: (answer) => refusalOf(answer) ?? (answer.json === undefined ? 'no JSON' : 'accepted'),
      })
      const { user, repositories } = await converse(conversation, token, apiUrlOf(baseUrl, world))
      const learned = learn(user, repositories, { token, baseUrl })
      const now = world.clock()
      const finding = judgeGitHub({ user, repositories, missingScopes: learned.missingScopes }, prior, now)
      if (finding.is === 'answered' && finding.outcome === 'active') {
        learned.canClone = await tryClone(world.lsRemote, learned.repositories[0], {
          username: 'x-access-token',
          password: token,
        })
      }
      return verdictOf(finding, learned, { calls: conversation.calls, begun, now, token })
    },
  }
}

/** Where an instance has its API. */
function apiUrlOf(baseUrl: string, own: { url: string; apiUrl: string }): string {
  if (baseUrl === own.url) return own.apiUrl
  const url = new URL(baseUrl)
  if (url.host === 'github.com') return 'https://api.github.com'
  return url.hostname.endsWith('.ghe.com') ? `${url.protocol}//api.${url.host}` : `${baseUrl}/api/v3`
}

/** People also paste the API's address. */
function githubRoot(root: string, own: { url: string; apiUrl: string }): string {
  if (root === own.apiUrl) return own.url
  const url = new URL(root)
  if (/^(www|api)\.github\.com$/.test(url.hostname)) return 'https://github.com'
  return url.hostname.endsWith('.ghe.com') ? root.replace('://api.', '://') : root
}

async function converse(conversation: Conversation, token: string, baseUrl: string) {
  const octokit = new Octokit({
    auth: token,
    baseUrl,
    log: QUIET,
    request: { fetch: conversation.wire },
    retry: { enabled: false },
    throttle: { enabled: false },
  })
  const headers = { 'x-github-api-version': '2022-11-28' }
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
    canList: listTick(listing, repositories?.length ?? null),
    repositories: mostRecent(repositories ?? []),
  }
}

function repositoriesIn(listing: Answer | null, baseUrl: string): SampledRepository[] | null {
  if (listing?.is !== 'http' || listing.status !== 200 || !Array.isArray(listing.json)) return null
  return listing.json.flatMap((item: unknown) => {
    const found = repository.safeParse(item)
    if (!found.success) return []
    const { id, full_name, archived, pushed_at } = found.data
    return {
      id: String(id),
      fullName: full_name,
      url: `${baseUrl}/${full_name}`,
      private: found.data.private,
      archived,
      pushedAt: instantOf(pushed_at),
    }
  })
}

function listTick(listing: Answer | null, count: number | null): Tick {
  if (listing === null) return nothingLearned.canList
  if (count === 0) return { is: 'yes', detail: 'GitHub answered with an empty list.' }
  if (count !== null) return { is: 'yes', detail: 'GitHub listed repositories that this token reaches.' }
  const refusal = refusalOf(listing)
  if (refusal) return { is: 'no', detail: plainText(`GitHub refused the list: ${refusal}`, 300) }
  return {
    is: 'unchecked',
    detail:
      listing.is === 'none'
        ? listing.sentence
        : `The list of repositories could not be read (answer ${listing.status}).`,
  }
}

function warningsOf(listing: Answer | null, seen: { scopes: string[] | null; none: boolean }): Learned['warnings'] {
  const warnings: Learned['warnings'] = []
  const sso = listing?.is === 'http' ? listing.headers.get('x-github-sso') : null
  if (sso?.startsWith('partial-results')) {
    const ids = /organizations=([\d,]+)/.exec(sso)?.[1]
    warnings.push({
      code: 'ssoPartial',
      message: plainText(
        `Repositories of organizations with single sign-on are left out (ids ${ids ?? 'unknown'}). Authorize the token for them at GitHub.`,
        300,
      ),
    })
  }
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
export function githubExpiry(header: string | null): string | null {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:UTC|([+-]\d\d):?(\d\d))$/.exec(header?.trim() ?? '')
  if (!parts) return null
  const [, date, time, hours, minutes] = parts
  return instantOf(`${date}T${time}${hours ? `${hours}:${minutes}` : 'Z'}`)
}
