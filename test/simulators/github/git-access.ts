import { type GitAddress, gitRefusal } from '../git/address.ts'
import { gitHttpBackend } from '../git/http-backend.ts'
import type { Arrival } from '../origin.ts'
import type { ShownCredential } from '../recording.ts'
import type { GitHubApi } from './call.ts'
import type { GitHubRepository, GitHubToken } from './declare.ts'
import type { SignedIn } from './front-door.ts'
import { ownerOf, sameName } from './full-name.ts'
import { canSee, mayReadContents, needsSso, organizationRefusal } from './policy.ts'

const CHALLENGE = { 'www-authenticate': 'Basic realm="GitHub"' }
const WRONG = 'Invalid username or token. Password authentication is not supported for Git operations.'

/** Serves a clone or fetch, or refuses it in GitHub's words. */
export async function serveGit(
  api: GitHubApi,
  address: GitAddress,
  shown: ShownCredential | null,
  arrival: Arrival,
): Promise<Response> {
  const token = shown ? api.door.liveToken(shown) : null
  if (shown && (!token || shown.scheme !== 'basic')) return gitRefusal(401, WRONG, CHALLENGE)
  const repository = api.world.findRepository(address.fullName)
  const moved = repository ? undefined : api.world.findRenamed(address.fullName)
  const wanted = repository ?? moved
  const refusal = token ? refusalFor(api, token, wanted) : refusalForNobody(wanted)
  if (refusal) return refusal
  if (moved) {
    const { search } = new URL(arrival.request.url)
    const location = `${api.urls.web}/${moved.fullName}${address.suffixed ? '.git' : ''}/${address.service}${search}`
    return new Response(null, { status: 301, headers: { location } })
  }
  if (!repository) return gitRefusal(404, 'Repository not found.')
  return gitHttpBackend(await api.git.ensure(repository), address.service, arrival)
}

function refusalForNobody(repository: GitHubRepository | undefined): Response | null {
  return repository?.visibility === 'public' ? null : gitRefusal(401, 'Repository not found.', CHALLENGE)
}

function refusalFor(api: GitHubApi, token: GitHubToken, repository: GitHubRepository | undefined): Response | null {
  const user = api.world.requireUser(token.user)
  if (user.suspended)
    return gitRefusal(403, 'Your account is suspended. Please visit https://support.github.com for more information.')
  const installation = token.installation === null ? null : api.world.apps.installations.get(token.installation)
  if (installation?.suspendedAt) return gitRefusal(403, 'This installation has been suspended.')
  if (!repository) return gitRefusal(404, 'Repository not found.')
  const organization = api.world.findOrganization(ownerOf(repository.fullName))
  const viewer = { token, user }
  const refusal = organizationRefusal(viewer, organization, api.urls.web)
  if (organization && refusal) {
    if (organization.ipRefused !== null) {
      return gitRefusal(
        403,
        `The repository owner has an IP allow list enabled, and ${organization.ipRefused} is not permitted to access this repository.`,
      )
    }
    if (!needsSso(token, organization)) return gitRefusal(403, refusal.message)
    return gitRefusal(
      403,
      `The \`${organization.login}' organization has enabled or enforced SAML SSO.\nTo access this repository, visit ${api.urls.web}/orgs/${organization.login}/sso?authorization_request=A${token.id} and try your request again.`,
    )
  }
  if (repository.visibility === 'public') return null
  if (canSee(api.world, viewer, repository)) {
    const reads = mayReadContents(api.world, token, repository)
    return reads ? null : gitRefusal(403, 'Write access to repository not granted.')
  }
  return isNotChosen(api, viewer, repository)
    ? gitRefusal(403, 'Write access to repository not granted.')
    : gitRefusal(404, 'Repository not found.')
}

/** True for a repository that the token's owner could reach, had the token been made for it. */
function isNotChosen({ world }: GitHubApi, { token, user }: SignedIn, repository: GitHubRepository): boolean {
  if (token.kind === 'classic' || token.kind === 'oauth') return false
  if (token.installation === null) return world.roleOf(user.login, repository) !== null
  return sameName(world.apps.requireInstallation(token.installation).account, ownerOf(repository.fullName))
}
