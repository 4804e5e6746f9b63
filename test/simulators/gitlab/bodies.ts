import type { Branch } from '../git/store.ts'
import { canSee, codeAccess, levelOf } from './access.ts'
import type { GitLabApi } from './call.ts'
import type { GitLabProject, GitLabToken, GitLabUser } from './declare.ts'
import { hasExpired, type Viewer } from './front-door.ts'
import { lastPart, namespaceOf } from './world.ts'

/** A token as `/personal_access_tokens/self` tells of it. */
export function tokenBody(token: GitLabToken, user: GitLabUser, now: Date) {
  return {
    id: token.id,
    name: token.name,
    revoked: token.revoked,
    created_at: token.createdAt.toISOString(),
    description: null,
    scopes: token.scopes,
    user_id: user.id,
    last_used_at: token.lastUsedAt?.toISOString() ?? null,
    active: !token.revoked && !hasExpired(token, now),
    expires_at: token.expiresAt,
  }
}

/** The signed-in person or bot. */
export function userBody(user: GitLabUser, external: string) {
  const since = user.createdAt.toISOString()
  return {
    id: user.id,
    username: user.username,
    name: user.name,
    state: user.state,
    locked: false,
    avatar_url: null,
    web_url: `${external}/${user.username}`,
    created_at: since,
    bio: '',
    location: '',
    public_email: null,
    linkedin: '',
    twitter: '',
    discord: '',
    website_url: '',
    organization: '',
    job_title: '',
    pronouns: null,
    bot: user.bot,
    work_information: null,
    followers: 0,
    following: 0,
    is_followed: false,
    local_time: null,
    last_sign_in_at: since,
    confirmed_at: since,
    last_activity_on: since.slice(0, 10),
    email: user.email,
    theme_id: 3,
    color_scheme_id: 1,
    projects_limit: 100_000,
    current_sign_in_at: since,
    identities: [],
    can_create_group: !user.bot,
    can_create_project: !user.bot,
    two_factor_enabled: false,
    external: false,
    private_profile: false,
    commit_email: user.email,
  }
}

/** A project as `simple=true` and strangers see it. */
export function simpleProject(project: GitLabProject, api: GitLabApi, viewer: Viewer) {
  const { external } = api.urls
  const namespace = namespaceOf(project.path)
  const web = `${external}/${project.path}`
  const group = api.world.groups.get(namespace.toLowerCase())
  const home = group ?? api.world.requireUser(namespace)
  const readable = !project.empty && codeAccess(api, viewer, project) === 'open'
  return {
    id: project.id,
    description: project.description,
    name: lastPart(project.path),
    name_with_namespace: project.path.split('/').join(' / '),
    path: lastPart(project.path),
    path_with_namespace: project.path,
    created_at: project.createdAt.toISOString(),
    default_branch: readable ? project.defaultBranch : null,
    tag_list: [],
    topics: [],
    ssh_url_to_repo: `git@${new URL(external).hostname}:${project.path}.git`,
    http_url_to_repo: `${web}.git`,
    web_url: web,
    readme_url: readable ? `${web}/-/blob/${project.defaultBranch}/README.md` : null,
    forks_count: 0,
    avatar_url: null,
    star_count: 0,
    last_activity_at: project.lastActivityAt.toISOString(),
    visibility: project.visibility,
    namespace: {
      id: home.id,
      name: home.name,
      path: lastPart(namespace),
      kind: group ? 'group' : 'user',
      full_path: namespace,
      parent_id: null,
      avatar_url: null,
      web_url: group ? `${external}/groups/${namespace}` : `${external}/${namespace}`,
    },
  }
}

/** A project as its members see it. */
export function fullProject(project: GitLabProject, api: GitLabApi, viewer: NonNullable<Viewer>) {
  const self = `${api.urls.external}/api/v4/projects/${project.id}`
  const levels = api.world.levels(viewer.user.username, project)
  const access = (level: number | null) => (level === null ? null : { access_level: level, notification_level: 3 })
  const upstream = project.forkedFrom === null ? undefined : api.world.findProject(project.forkedFrom)
  return {
    ...simpleProject(project, api, viewer),
    _links: {
      self,
      issues: `${self}/issues`,
      repo_branches: `${self}/repository/branches`,
      members: `${self}/members`,
    },
    empty_repo: project.empty,
    archived: project.archived,
    resolve_outdated_diff_discussions: false,
    issues_enabled: true,
    merge_requests_enabled: true,
    wiki_enabled: true,
    jobs_enabled: true,
    snippets_enabled: true,
    repository_access_level: project.repositoryAccess,
    shared_runners_enabled: true,
    lfs_enabled: true,
    creator_id: 1,
    import_status: 'none',
    open_issues_count: 0,
    updated_at: project.lastActivityAt.toISOString(),
    public_jobs: true,
    shared_with_groups: [],
    merge_method: 'merge',
    squash_option: 'default_off',
    marked_for_deletion_at: project.markedForDeletionOn,
    marked_for_deletion_on: project.markedForDeletionOn,
    permissions: { project_access: access(levels.project), group_access: access(levels.group) },
    ...(upstream && canSee(api, viewer, upstream) ? { forked_from_project: simpleProject(upstream, api, viewer) } : {}),
  }
}

/** A branch with its newest commit. */
export function branchBody(branch: Branch, project: GitLabProject, api: GitLabApi, viewer: Viewer) {
  const web = `${api.urls.external}/${project.path}/-`
  const person = { name: 'Sample Author', email: 'author@example.com' }
  const at = branch.committedAt.toISOString()
  return {
    name: branch.name,
    merged: false,
    protected: branch.protected,
    default: branch.name === project.defaultBranch,
    developers_can_push: false,
    developers_can_merge: false,
    can_push: levelOf(api, viewer, project) >= (branch.protected ? 40 : 30),
    web_url: `${web}/tree/${branch.name}`,
    commit: {
      id: branch.sha,
      short_id: branch.sha.slice(0, 8),
      created_at: at,
      parent_ids: [],
      title: branch.message,
      message: branch.message,
      author_name: person.name,
      author_email: person.email,
      authored_date: at,
      committer_name: person.name,
      committer_email: person.email,
      committed_date: at,
      trailers: {},
      extended_trailers: {},
      web_url: `${web}/commit/${branch.sha}`,
    },
  }
}
