import type { Answer } from '../conversation.ts'
import { answered, type Finding, unanswered } from '../finding.ts'
import { plainText } from '../plain-text.ts'
import { type App, appIn, type Installation, installationIn, mintedIn } from './app-answers.ts'
import { policy } from './judge-any.ts'
import { type AppGround, judgeProof, NO_APP } from './judge-proof.ts'
import { POLICY, refusalOf, wordsOf } from './refusal.ts'

/** What GitHub answered about an App's installation; null for what was not asked. */
export interface AppAnswers {
  readonly app: Answer
  readonly installation: Answer | null
  readonly mint: Answer | null
  /** The last answer to the minted token, which was tried for some seconds and made anew once. */
  readonly repositories: Answer | null
}

/** What an installation must allow, in the words of a request for its token. */
export const NEEDED = { contents: 'read', metadata: 'read' } as const

const SUSPENDED = /installation has been suspended/i

/** Says what GitHub's answers mean for a connection by an App. */
export function judgeApp(answers: AppAnswers, ground: AppGround): Finding {
  const app = appIn(answers.app)
  if (!app) return judgeProof(answers.app, ground)
  const installation = installationIn(answers.installation)
  if (!installation) return judgeRefusal(answers.installation ?? answers.app, ground, app)
  if (installation.suspended_at) return suspended(ground, installation)
  const missing = missingPermissions(installation)
  if (missing.length > 0) return permissionMissing(missing, ground, { app, installation })
  if (!mintedIn(answers.mint)) return judgeMint(answers.mint ?? answers.app, ground, { app, installation })
  return judgeListing(answers.repositories, ground) ?? answered('active', 'accepted', 'GitHub accepted the App.')
}

/** What is known of the App and its installation when a token is asked for; nothing where nothing else was asked. */
interface Known {
  readonly app?: App
  readonly installation?: Installation
}

/** Says what it means that GitHub gave no token. */
export function judgeMint(mint: Answer, ground: AppGround, known: Known = {}): Finding {
  const refusal = wordsOf(mint, 422)
  if (/repository that does not exist or is not accessible/i.test(refusal)) {
    const text =
      'The installation does not reach that repository. Add it to the installation at GitHub, then try again.'
    return answered('error', 'repositoryNotSelected', text)
  }
  if (/permissions requested/i.test(refusal)) return permissionMissing(Object.keys(NEEDED).map(asScope), ground, known)
  return judgeRefusal(mint, ground, known.app)
}

/** The permissions that an installation lacks, such as "contents: read". */
export function missingPermissions({ permissions }: Pick<Installation, 'permissions'>): string[] {
  return Object.keys(NEEDED)
    .filter((name) => !/^(read|write|admin)$/.test(permissions[name] ?? ''))
    .map(asScope)
}

function asScope(name: string): string {
  return `${name}: read`
}

/** What the refusal of a question about one installation means. */
function judgeRefusal(answer: Answer, ground: AppGround, app: App | undefined): Finding {
  if (SUSPENDED.test(wordsOf(answer, 403))) return suspended(ground)
  const gone = wordsOf(answer, 404)
  if (gone === '' || NO_APP.test(gone)) return judgeProof(answer, ground)
  const page = pageAt(ground.baseUrl, app?.html_url)
  return answered(
    ground.prior.worked ? 'revoked' : 'invalid',
    'installationMissing',
    `GitHub answered 404: the App is not installed under this Installation ID. It was uninstalled, or the id is that of another App's installation. Install the App${page && ` at ${page}/installations/new`}, then link the new installation.`,
  )
}

function suspended({ prior }: AppGround, installation?: Installation): Finding {
  const by = installation?.suspended_by ? ` by ${plainText(installation.suspended_by.login, 100)}` : ''
  return answered(
    prior.worked ? 'revoked' : 'error',
    'installationSuspended',
    `The installation is suspended${by}. Whoever suspended it can lift that on its page at GitHub; then validate again.`,
  )
}

function permissionMissing(missing: readonly string[], { baseUrl }: AppGround, { app, installation }: Known): Finding {
  const asked = app && missingPermissions(app).length === 0
  const page = pageAt(baseUrl, installation?.html_url)
  const mend = asked
    ? `The App asks for it, but the installation's owner has not accepted that yet. Let the owner do so${page && ` at ${page}`}`
    : "Add it in the App's settings (Permissions), let the installation's owner accept it"
  const text = `GitHub accepted the App, but the installation lacks the permission ${missing.join(', ')}. ${mend}, then validate again.`
  return answered('error', 'permissionMissing', text)
}

function judgeListing(listing: Answer | null, ground: AppGround): Finding | null {
  if (listing?.is !== 'http') return null
  if (SUSPENDED.test(wordsOf(listing, 403))) return suspended(ground)
  if (listing.status === 401) {
    return unanswered(
      'freshTokenRefused',
      'GitHub accepted the App and gave a token, but does not take that token yet. The check is tried again by itself.',
    )
  }
  const refusal = refusalOf(listing) ?? ''
  if (POLICY.test(refusal)) return policy(refusal, 'App')
  if (!/Resource not accessible by/i.test(refusal)) return null
  return answered(
    ground.prior.worked ? 'error' : 'invalid',
    'permissionMissing',
    'GitHub accepted the App, but it may read no repository. Give it read access to Metadata and Contents, then validate again.',
  )
}

/** A page that GitHub names, where it is one of that instance; blank otherwise. */
function pageAt(baseUrl: string, url: string | undefined): string {
  return url?.startsWith(`${baseUrl}/`) && /^[\w.:/-]{1,300}$/.test(url) ? url : ''
}
