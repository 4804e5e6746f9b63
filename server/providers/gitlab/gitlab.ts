import type { SampledRepository, Tick } from '@git-connections/events'
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
import { type Answer, type Fetch, startConversation } from '../conversation.ts'
import { plainText } from '../plain-text.ts'
import type { Provider } from '../provider.ts'
import { rateLimitOf } from '../retry-after.ts'
import { type GitLabAnswers, gitlabToken, gitlabUser, textOf } from './answers.ts'
import { hasEnded, judgeEnded, judgeGitLab } from './judge.ts'
import { askGitLab } from './questions.ts'
import { recogniseGitLabToken } from './token-paste.ts'

const project = z.object({
  id: z.number(),
  path_with_namespace: z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/),
  visibility: z.string().nullish(),
  archived: z.boolean().nullish(),
  last_activity_at: z.string().nullish(),
  /** "disabled" for a project without code, such as one for tickets; not told by old instances. */
  repository_access_level: z.string().nullish(),
})
const RATE = { limit: 'ratelimit-limit', remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' }

/** GitLab: gitlab.com and self-hosted instances, also below a path. */
export function createGitLab(world: {
  readonly fetch: Fetch
  readonly lsRemote: LsRemote
  readonly clock: () => Date
  readonly trusted: (url: URL) => boolean
  readonly url: string
}): Provider {
  const rules: BaseUrlRules = {
    provider: 'GitLab',
    standard: world.url,
    trusted: world.trusted,
    rootPath: (path) => path.replace(/\/(api\/v4|-|users\/sign_in)(\/.*)?$/, ''),
  }
  return {
    name: 'gitlab',
    normaliseBaseUrl: (typed) => normaliseBaseUrl(typed, rules),
    recogniseToken: recogniseGitLabToken,
    checkToken: async (token, { baseUrl, prior, signal, kind = 'token' }) => {
      const begun = performance.now()
      const asked = world.clock()
      if (hasEnded(prior, asked)) {
        const learned = { ...nothingLearned, expiresAt: prior.expiresAt?.toISOString() ?? null }
        return verdictOf(judgeEnded(prior), learned, { calls: [], begun, now: asked, secrets: [token] })
      }
      const deadline = AbortSignal.timeout(CHECK_DEADLINE_MS)
      const conversation = startConversation({
        fetch: world.fetch,
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        requestIdHeader: 'x-request-id',
        describe: (answer) => textOf(answer) || (answer.json === undefined ? 'no JSON' : 'accepted'),
      })
      const answers = await askGitLab(conversation, { token, kind, baseUrl, worked: prior.worked })
      const learned = learn(answers, { baseUrl, kind })
      const now = world.clock()
      const finding = judgeGitLab({ ...answers, missingScopes: learned.missingScopes }, prior, now)
      if (finding.is === 'answered' && finding.outcome === 'active') {
        const credential = { username: 'oauth2', password: token }
        const { canClone, warnings } = await tryClone(world.lsRemote, learned.repositories[0], credential)
        Object.assign(learned, { canClone, warnings: [...learned.warnings, ...warnings] })
      }
      return verdictOf(finding, learned, { calls: conversation.calls, begun, now, secrets: [token] })
    },
  }
}

function learn(
  { self, user, projects }: GitLabAnswers,
  { baseUrl, kind }: { baseUrl: string; kind: 'token' | 'oauth' },
): Learned {
  const own = self.is === 'http' && self.status === 200 ? gitlabToken.safeParse(self.json) : null
  const person = user?.is === 'http' && user.status === 200 ? gitlabUser.safeParse(user.json) : null
  const scopes = own?.success ? own.data.scopes.slice(0, 50).map((scope) => plainText(scope, 60)) : null
  const repositories = repositoriesIn(projects, baseUrl)
  const answered = [projects, user, self].find((answer) => answer?.is === 'http')
  return {
    ...nothingLearned,
    account: person?.success
      ? {
          id: String(person.data.id),
          login: plainText(person.data.username, 100),
          name: person.data.name ? plainText(person.data.name, 100) : null,
          kind: person.data.bot ? 'bot' : 'user',
          url: `${baseUrl}/${encodeURIComponent(person.data.username.toWellFormed().slice(0, 100))}`,
        }
      : null,
    tokenKind: person?.success ? (kind === 'oauth' ? 'OAuth grant' : kindOf(person.data.username)) : null,
    scopes,
    missingScopes: scopes ? missingOf(scopes) : [],
    // The token is dead from the first moment of that day in UTC.
    expiresAt:
      own?.success && /^\d{4}-\d\d-\d\d/.test(own.data.expires_at ?? '')
        ? instantOf(own.data.expires_at?.slice(0, 10))
        : null,
    rateLimit: answered?.is === 'http' ? rateLimitOf(answered.headers, RATE) : null,
    warnings:
      repositories?.length === 0
        ? [
            {
              code: 'noRepositories',
              message:
                "The token reaches no project that has a repository. Its owner may be a member of none, or a group's single sign-on or IP rule may hide them.",
            },
          ]
        : [],
    canList: listTick(projects, repositories?.length ?? null),
    repositories: mostRecent(repositories ?? []),
  }
}

/** What is lacking to list projects and to clone them. */
function missingOf(scopes: readonly string[]): string[] {
  // A fine-grained token has permissions instead of scopes; each call tells by itself whether it may.
  if (scopes.includes('api') || scopes.includes('granular')) return []
  const missing = scopes.includes('read_api') ? [] : ['read_api']
  const clones = scopes.includes('read_repository') || scopes.includes('write_repository')
  return clones ? missing : [...missing, 'read_repository']
}

function kindOf(username: string): string {
  if (/^project_\d+_bot/.test(username)) return 'project access token'
  return /^group_\d+_bot/.test(username) ? 'group access token' : 'personal access token'
}

/** The projects of a list that have a repository; null where there is no list. */
function repositoriesIn(listing: Answer | null, baseUrl: string): SampledRepository[] | null {
  if (listing?.is !== 'http' || listing.status !== 200 || !Array.isArray(listing.json)) return null
  return listing.json.flatMap((item: unknown) => {
    const found = project.safeParse(item)
    if (!found.success || found.data.repository_access_level === 'disabled') return []
    const { id, path_with_namespace: fullName, visibility, archived, last_activity_at } = found.data
    const open = visibility === 'public'
    return {
      id: String(id),
      fullName,
      url: `${baseUrl}/${fullName}`,
      private: !open,
      archived: archived ?? false,
      pushedAt: instantOf(last_activity_at),
    }
  })
}

function listTick(listing: Answer | null, count: number | null): Tick {
  if (listing === null) return nothingLearned.canList
  if (count === 0) return { is: 'yes', detail: 'GitLab answered with an empty list.' }
  if (count !== null) return { is: 'yes', detail: 'GitLab listed projects that this token reaches.' }
  const refusal = listing.is === 'http' && listing.status === 429 ? '' : textOf(listing)
  if (refusal) return { is: 'no', detail: plainText(`GitLab refused the list: ${refusal}`, 300) }
  return {
    is: 'unchecked',
    detail:
      listing.is === 'none' ? listing.sentence : `The list of projects could not be read (answer ${listing.status}).`,
  }
}
