import type { GitHubApi } from './call.ts'
import type { GitHubOrganization, GitHubToken, GitHubUser } from './declare.ts'

type Urls = GitHubApi['urls']
type Account = { readonly login: string; readonly id: number }

/** The short form of a person or organization, as it stands inside other things. */
export function simpleUser({ login, id }: Account, type: 'User' | 'Organization', { web, api }: Urls) {
  const user = `${api}/users/${login}`
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${web}/avatars/u/${id}?v=4`,
    gravatar_id: '',
    url: user,
    html_url: `${web}/${login}`,
    followers_url: `${user}/followers`,
    following_url: `${user}/following{/other_user}`,
    gists_url: `${user}/gists{/gist_id}`,
    starred_url: `${user}/starred{/owner}{/repo}`,
    subscriptions_url: `${user}/subscriptions`,
    organizations_url: `${user}/orgs`,
    repos_url: `${user}/repos`,
    events_url: `${user}/events{/privacy}`,
    received_events_url: `${user}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  }
}

/** The signed-in person; the private half is shown to tokens that may read it. */
export function signedInUser(user: GitHubUser, token: GitHubToken, urls: Urls) {
  const open = {
    ...simpleUser(user, 'User', urls),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: user.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: written(user.createdAt),
    updated_at: written(user.createdAt),
  }
  if (!token.scopes.some((scope) => scope === 'user' || scope === 'read:user')) return open
  return {
    ...open,
    user_view_type: 'private',
    notification_email: user.email,
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: 'free', space: 976_562_499, collaborators: 0, private_repos: 10_000 },
  }
}

/** The short form of an organization, as lists show it. */
export function simpleOrganization({ login, id }: GitHubOrganization, { web, api }: Urls) {
  const organization = `${api}/orgs/${login}`
  return {
    login,
    id,
    node_id: nodeId('Organization', id),
    url: organization,
    repos_url: `${organization}/repos`,
    events_url: `${organization}/events`,
    hooks_url: `${organization}/hooks`,
    issues_url: `${organization}/issues`,
    members_url: `${organization}/members{/member}`,
    public_members_url: `${organization}/public_members{/member}`,
    avatar_url: `${web}/avatars/u/${id}?v=4`,
    description: null,
  }
}

export function fullOrganization(organization: GitHubOrganization, urls: Urls) {
  return {
    ...simpleOrganization(organization, urls),
    name: organization.name ?? organization.login,
    is_verified: false,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${urls.web}/${organization.login}`,
    created_at: written(organization.createdAt),
    updated_at: written(organization.createdAt),
    archived_at: null,
    type: 'Organization',
  }
}

/** A time as GitHub writes it: whole seconds, Z. */
export function written(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`
}

export function nodeId(type: string, id: number): string {
  return Buffer.from(`${type}:${id}`).toString('base64url')
}
