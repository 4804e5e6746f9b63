import { type GitAddress, gitRefusal } from '../git/address.ts'
import { gitHttpBackend } from '../git/http-backend.ts'
import type { Arrival } from '../origin.ts'
import type { ShownCredential } from '../recording.ts'
import { canSee, codeAccess, levelOf, missingSso, ssoText } from './access.ts'
import type { GitLabApi } from './call.ts'
import { liveViewer, type Viewer } from './front-door.ts'

const DOWNLOAD_SCOPES = ['api', 'read_api', 'read_repository', 'write_repository']
const MISSING = "The project you were looking for could not be found or you don't have permission to view it."

/** Serves a clone or fetch, or refuses it in GitLab's words. */
export async function serveGit(
  api: GitLabApi,
  address: GitAddress,
  shown: ShownCredential | null,
  arrival: Arrival,
): Promise<Response> {
  const viewer = viewerOf(api, shown)
  if (viewer === 'wrong') return accessDenied(api)
  const project = api.world.findProject(address.fullName) ?? api.world.findMoved(address.fullName)
  if (!project || !canSee(api, viewer, project)) {
    // A bot that cannot read the project is refused as if its token were wrong.
    return viewer && !viewer.user.bot ? gitRefusal(404, MISSING) : accessDenied(api)
  }
  if (!address.suffixed) {
    const { search } = new URL(arrival.request.url)
    const location = `${api.urls.external}/${project.path}.git/${address.service}${search}`
    return new Response(null, { status: 301, headers: { location } })
  }
  const refusal = refusalFor(api, viewer, project)
  return refusal ?? gitHttpBackend(await api.git.ensure(project), address.service, arrival)
}

function viewerOf(api: GitLabApi, shown: ShownCredential | null): Viewer | 'wrong' {
  if (shown === null) return null
  if (shown.scheme !== 'basic' || shown.username === null || shown.username.trim() === '') return 'wrong'
  return liveViewer(api.world, shown.secret) ?? 'wrong'
}

function refusalFor(api: GitLabApi, viewer: Viewer, project: Parameters<typeof codeAccess>[2]): Response | null {
  const sso = missingSso(api, viewer, project)
  if (sso !== null) return gitRefusal(403, ssoText(sso))
  const access = codeAccess(api, viewer, project)
  if (access === 'off') return gitRefusal(403, 'The project repository is disabled.')
  if (viewer === null) return access === 'open' ? null : accessDenied(api)
  if (access === 'denied') {
    const text = levelOf(api, viewer, project) > 0 ? 'You are not allowed to download code from this project.' : MISSING
    return gitRefusal(levelOf(api, viewer, project) > 0 ? 403 : 404, text)
  }
  const { kind, scopes, permissions } = viewer.token
  const mayRead =
    kind === 'granular' ? permissions.includes('Code: Read') : DOWNLOAD_SCOPES.some((scope) => scopes.includes(scope))
  return mayRead ? null : gitRefusal(403, 'You are not allowed to download code.')
}

function accessDenied({ urls }: GitLabApi): Response {
  const help = `${urls.external}/help/topics/git/troubleshooting_git.md#error-on-git-fetch-http-basic-access-denied`
  return gitRefusal(
    401,
    `HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect or you're required to use a token instead of a password. If a token was provided, it was either incorrect, expired, or improperly scoped. See ${help}`,
    { 'www-authenticate': 'Basic realm="GitLab"' },
  )
}
