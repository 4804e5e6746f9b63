import type { LsRemote } from '../../git/ls-remote.ts'
import { type BaseUrlRules, normaliseBaseUrl } from '../base-url.ts'
import { instantOf, type Learned, mostRecent, nothingLearned, tryClone, verdictOf } from '../check.ts'
import type { Answer, Fetch } from '../conversation.ts'
import type { ListedRepository } from '../listed.ts'
import { plainText } from '../plain-text.ts'
import type { Provider } from '../provider.ts'
import { rateLimitOf } from '../retry-after.ts'
import { type GitLabAnswers, gitlabToken, gitlabUser } from './answers.ts'
import { findRepository } from './find-repository.ts'
import { identifyGitLab } from './identity.ts'
import { hasEnded, judgeEnded, judgeGitLab } from './judge.ts'
import { listBranches } from './list-branches.ts'
import { listRepositories } from './list-repositories.ts'
import { listTick, RATE, repositoriesOf } from './listing.ts'
import { askGitLab } from './questions.ts'
import { talkToGitLab } from './talk.ts'
import { recogniseGitLabToken } from './token-paste.ts'

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
    identify: (baseUrl, { signal, token }) => identifyGitLab(world.fetch, { baseUrl, signal, token }),
    recogniseToken: recogniseGitLabToken,
    checkToken: async (token, { baseUrl, prior, signal, kind = 'token' }) => {
      const begun = performance.now()
      const asked = world.clock()
      if (hasEnded(prior, asked)) {
        const learned = { ...nothingLearned, expiresAt: prior.expiresAt?.toISOString() ?? null }
        return verdictOf(judgeEnded(prior), learned, { calls: [], begun, now: asked, secrets: [token] })
      }
      const conversation = talkToGitLab(world.fetch, signal)
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
    listRepositories: (token, listing) => listRepositories(world, token, listing),
    findRepository: (token, of) => findRepository(world, token, of),
    listBranches: (token, of) => listBranches(world, token, of),
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
function repositoriesIn(listing: Answer | null, baseUrl: string): ListedRepository[] | null {
  if (listing?.is !== 'http' || listing.status !== 200 || !Array.isArray(listing.json)) return null
  return repositoriesOf(listing.json, baseUrl)
}
