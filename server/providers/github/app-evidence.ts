import type { Account } from '@git-connections/events'
import { type Learned, mostRecent, nothingLearned } from '../check.ts'
import { plainText } from '../plain-text.ts'
import { rateLimitOf } from '../retry-after.ts'
import { type App, appIn, type Installation, installationIn, listingIn } from './app-answers.ts'
import { apart } from './clocks.ts'
import { type AppAnswers, missingPermissions } from './judge-app.ts'
import { listTick, repositoriesOf } from './listing.ts'
import { RATE } from './requests.ts'

/** Clocks that differ by less are not worth a word. */
const WARN_SECONDS = 30

/** What the answers about an App tell, beside whether it works. The App has no end; that of its tokens is not its own. */
export function learnOfApp(answers: AppAnswers, of: { baseUrl: string; aheadSeconds: number | null }): Learned {
  const { repositories } = answers
  const app = appIn(answers.app)
  const installation = installationIn(answers.installation)
  const listing = listingIn(repositories)
  const listed = listing && repositoriesOf(listing.repositories, of.baseUrl)
  const counted = [repositories, answers.installation, answers.app].find((answer) => answer?.is === 'http')
  return {
    ...nothingLearned,
    account: installation && accountOf(installation, of.baseUrl),
    tokenKind: app && kindOf(app, installation, listing?.total_count ?? null),
    scopes: installation && scopesOf(installation),
    missingScopes: installation ? missingPermissions(installation) : [],
    rateLimit: counted?.is === 'http' ? rateLimitOf(counted.headers, RATE) : null,
    warnings: warningsOf(listing?.total_count ?? null, of.aheadSeconds),
    canList: listTick(repositories, listing && saidOf(listing.total_count, listing.repositories.length)),
    repositories: mostRecent(listed ?? []),
  }
}

function accountOf({ account }: Installation, baseUrl: string): Account | null {
  const login = account?.login ?? account?.slug
  if (!account || !login) return null
  return {
    id: String(account.id),
    login: plainText(login, 100),
    name: null,
    kind: account.type === 'User' ? 'user' : 'organization',
    url: `${baseUrl}/${account.login ? '' : 'enterprises/'}${encodeURIComponent(login.toWellFormed().slice(0, 100))}`,
  }
}

/** Such as "GitHub App (acme-deploys), 12 selected repositories". */
function kindOf(app: App, installation: Installation | null, count: number | null): string {
  const name = `GitHub App (${plainText(app.slug ?? app.name, 100)})`
  if (!installation) return name
  if (installation.repository_selection === 'all') return `${name}, all repositories`
  if (count === null) return `${name}, selected repositories`
  return `${name}, ${count} selected ${count === 1 ? 'repository' : 'repositories'}`
}

function scopesOf({ permissions }: Installation): string[] {
  return Object.entries(permissions)
    .map(([name, level]) => plainText(`${name}: ${level}`, 60))
    .sort()
    .slice(0, 50)
}

function saidOf(total: number, shown: number): string {
  if (total === 0) return 'GitHub answered with an empty list.'
  return shown < total
    ? `GitHub listed ${shown} of ${total} repositories that the installation reaches.`
    : 'GitHub listed the repositories that the installation reaches.'
}

function warningsOf(total: number | null, aheadSeconds: number | null): Learned['warnings'] {
  const warnings: Learned['warnings'] = []
  if (total === 0) warnings.push({ code: 'noRepositories', message: 'The installation reaches no repository.' })
  if (aheadSeconds !== null && Math.abs(aheadSeconds) >= WARN_SECONDS) {
    const message = `The clock of this server is ${apart(aheadSeconds)} GitHub's. Ask the operator to set it, before GitHub refuses the App for it.`
    warnings.push({ code: 'clocksDiffer', message })
  }
  return warnings
}
