import { Refusal } from './answers.ts'
import type { GitHubOrganization, GitHubRepository, GitHubToken } from './declare.ts'
import type { Viewer } from './front-door.ts'
import { ownerOf, sameName } from './full-name.ts'
import type { GitHubWorld } from './world.ts'

const DAY = 86_400_000

/**
 * Why an organization turns a credential away, from its public things too; null if it does not.
 * @param web the web root, for the links that the refusals carry
 */
export function organizationRefusal(
  { token }: Viewer,
  organization: GitHubOrganization | undefined,
  web: string,
): Refusal | null {
  if (!token || !organization) return null
  const { login } = organization
  const ip = ipRefusal(organization)
  if (ip) return ip
  if (organization.classicTokensForbidden && token.kind === 'classic') {
    return new Refusal(
      403,
      `\`${login}\` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.`,
    )
  }
  if (organization.maxTokenDays !== null && livesTooLong(token, organization.maxTokenDays)) {
    const kind =
      token.kind === 'classic' ? 'a personal access tokens (classic)' : 'a fine-grained personal access tokens'
    const page = token.kind === 'classic' ? 'settings/tokens' : 'settings/personal-access-tokens'
    return new Refusal(
      403,
      `The '${login}' organization forbids access via ${kind} if the token's lifetime is greater than ${organization.maxTokenDays} days. Please adjust your token's lifetime at the following URL: ${web}/${page}/${token.id}`,
    )
  }
  if (organization.oauthAppsRestricted && token.kind === 'oauth') {
    return new Refusal(
      403,
      `Although you appear to have the correct authorization credentials, the \`${login}\` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited. For more information on these restrictions, including how to enable this app, visit https://docs.github.com/articles/restricting-access-to-your-organization-s-data/`,
    )
  }
  if (needsSso(token, organization)) {
    const what = token.kind === 'oauth' ? 'OAuth token' : 'Personal Access token'
    return new Refusal(
      403,
      `Resource protected by organization SAML enforcement. You must grant your ${what} access to this organization.`,
      { headers: { 'x-github-sso': `required; url=${web}/orgs/${login}/sso?authorization_request=A${token.id}` } },
    )
  }
  return null
}

/** Why an organization turns every caller of this address away, those with a JWT too; null if it does not. */
export function ipRefusal(organization: GitHubOrganization | undefined): Refusal | null {
  if (!organization || organization.ipRefused === null) return null
  const { login, ipRefused } = organization
  return new Refusal(
    403,
    `Although you appear to have the correct authorization credentials, the \`${login}\` organization has an IP allow list enabled, and ${ipRefused} is not permitted to access this resource.`,
  )
}

/** True when only the missing SSO session stands between token and organization. */
export function needsSso(token: GitHubToken, organization: GitHubOrganization): boolean {
  const bound = token.kind === 'classic' || token.kind === 'oauth'
  return bound && organization.samlEnforced && !token.ssoAuthorized.includes(organization.login)
}

function livesTooLong(token: GitHubToken, days: number): boolean {
  if (token.kind !== 'classic' && token.kind !== 'fine-grained') return false
  return token.expiresAt === null || token.expiresAt.getTime() - token.createdAt.getTime() > days * DAY
}

/** True when the viewer sees the repository at all, organization policies aside. */
export function canSee(world: GitHubWorld, viewer: Viewer, repository: GitHubRepository): boolean {
  if (repository.visibility === 'public') return true
  if (!viewer.token) return false
  if (viewer.token.installation === null && !world.roleOf(viewer.user.login, repository)) return false
  return opensPrivate(world, viewer.token, repository)
}

/** True when the token's own scopes or choice of repositories include a private one. */
function opensPrivate(world: GitHubWorld, token: GitHubToken, repository: GitHubRepository): boolean {
  if (token.kind === 'classic' || token.kind === 'oauth') return token.scopes.includes('repo')
  if (isOfApp(token)) return world.apps.permissionsIn(token, repository) !== null
  if (!token.approved) return false
  if (token.kind === 'fine-grained' && !sameName(ownerOf(repository.fullName), token.resourceOwner)) return false
  return token.repositories === 'all' || token.repositories.includes(repository.fullName)
}

/** False for a token that knows a private repository and may not read what is in it. */
export function mayReadContents(world: GitHubWorld, token: GitHubToken, repository: GitHubRepository): boolean {
  if (token.kind === 'classic' || token.kind === 'oauth') return true
  const permissions = isOfApp(token) ? world.apps.permissionsIn(token, repository) : token.permissions
  return (permissions?.contents ?? 'none') !== 'none'
}

/** True for one that reaches where its App is installed, and no further. */
function isOfApp({ kind, clientId }: GitHubToken): boolean {
  return kind === 'installation' || (kind === 'app-user' && clientId !== null)
}
