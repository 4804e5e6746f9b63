import { nodeId, simpleUser, written } from './account-bodies.ts'
import type { GitHubApi } from './call.ts'
import type { GitHubRepository } from './declare.ts'
import type { SignedIn, Viewer } from './front-door.ts'
import { ownerOf } from './full-name.ts'
import type { GitHubWorld } from './world.ts'

/** A repository as lists show it. */
export function listedRepository(repository: GitHubRepository, { world, urls }: GitHubApi, viewer: Viewer) {
  const { fullName, visibility } = repository
  const owner = ownerOf(fullName)
  const organization = world.findOrganization(owner)
  const account = organization ?? world.requireUser(owner)
  const web = `${urls.web}/${fullName}`
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: fullName.slice(owner.length + 1),
    full_name: fullName,
    private: visibility !== 'public',
    owner: simpleUser(account, organization ? 'Organization' : 'User', urls),
    html_url: web,
    description: repository.description,
    fork: repository.fork,
    ...links(`${urls.api}/repos/${fullName}`),
    created_at: written(repository.createdAt),
    updated_at: written(repository.pushedAt ?? repository.createdAt),
    pushed_at: repository.pushedAt ? written(repository.pushedAt) : null,
    git_url: `git://${new URL(urls.web).host}/${fullName}.git`,
    ssh_url: `git@${new URL(urls.web).hostname}:${fullName}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    homepage: null,
    size: repository.empty ? 0 : 120,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: repository.disabled,
    open_issues_count: 0,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility,
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: repository.defaultBranch,
    ...(viewer.token ? { permissions: permissions(repository, roleIn(world, viewer, repository)) } : {}),
  }
}

/** A repository asked for by its name. */
export function fullRepository(repository: GitHubRepository, api: GitHubApi, viewer: Viewer) {
  const listed = listedRepository(repository, api, viewer)
  return {
    ...listed,
    temp_clone_token: '',
    network_count: 0,
    subscribers_count: 0,
    ...(listed.owner.type === 'Organization' ? { organization: listed.owner } : {}),
  }
}

/** An installation has no role; what it may do with the contents stands for it. */
function roleIn(world: GitHubWorld, { token, user }: SignedIn, repository: GitHubRepository): string | undefined {
  if (token.installation === null) return world.roleOf(user.login, repository)?.role
  const contents = world.apps.permissionsIn(token, repository)?.contents
  return contents === 'write' ? 'push' : contents && 'pull'
}

const RANK = ['pull', 'triage', 'push', 'maintain', 'admin']

function permissions(repository: GitHubRepository, role: string | undefined) {
  const rank = role === undefined ? (repository.visibility === 'public' ? 0 : -1) : RANK.indexOf(role)
  return { admin: rank >= 4, maintain: rank >= 3, push: rank >= 2, triage: rank >= 1, pull: rank >= 0 }
}

function links(api: string) {
  return {
    url: api,
    forks_url: `${api}/forks`,
    keys_url: `${api}/keys{/key_id}`,
    collaborators_url: `${api}/collaborators{/collaborator}`,
    teams_url: `${api}/teams`,
    hooks_url: `${api}/hooks`,
    issue_events_url: `${api}/issues/events{/number}`,
    events_url: `${api}/events`,
    assignees_url: `${api}/assignees{/user}`,
    branches_url: `${api}/branches{/branch}`,
    tags_url: `${api}/tags`,
    blobs_url: `${api}/git/blobs{/sha}`,
    git_tags_url: `${api}/git/tags{/sha}`,
    git_refs_url: `${api}/git/refs{/sha}`,
    trees_url: `${api}/git/trees{/sha}`,
    statuses_url: `${api}/statuses/{sha}`,
    languages_url: `${api}/languages`,
    stargazers_url: `${api}/stargazers`,
    contributors_url: `${api}/contributors`,
    subscribers_url: `${api}/subscribers`,
    subscription_url: `${api}/subscription`,
    commits_url: `${api}/commits{/sha}`,
    git_commits_url: `${api}/git/commits{/sha}`,
    comments_url: `${api}/comments{/number}`,
    issue_comment_url: `${api}/issues/comments{/number}`,
    contents_url: `${api}/contents/{+path}`,
    compare_url: `${api}/compare/{base}...{head}`,
    merges_url: `${api}/merges`,
    archive_url: `${api}/{archive_format}{/ref}`,
    downloads_url: `${api}/downloads`,
    issues_url: `${api}/issues{/number}`,
    pulls_url: `${api}/pulls{/number}`,
    milestones_url: `${api}/milestones{/number}`,
    notifications_url: `${api}/notifications{?since,all,participating}`,
    labels_url: `${api}/labels{/name}`,
    releases_url: `${api}/releases{/id}`,
    deployments_url: `${api}/deployments`,
  }
}
