import { nodeId, simpleUser, written } from '../account-bodies.ts'
import type { GitHubApi } from '../call.ts'
import type { GitHubApp, Installation } from './declare.ts'

/** An App as it sees itself. */
export function appBody(app: GitHubApp, { world, urls }: GitHubApi) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('Integration', app.id),
    owner: accountBody(app.owner, { world, urls }),
    name: app.name,
    description: app.description,
    external_url: app.callbackUrls[0] ?? urls.web,
    html_url: `${urls.web}/apps/${app.slug}`,
    created_at: written(app.createdAt),
    updated_at: written(app.createdAt),
    permissions: app.permissions,
    events: app.events,
    installations_count: world.apps.of(app).length,
  }
}

export function installationBody(installation: Installation, { world, urls }: Pick<GitHubApi, 'world' | 'urls'>) {
  const { id, app, account, suspendedAt } = installation
  const target = world.requireAccount(account)
  const organization = world.findOrganization(account)
  const settings = organization ? `organizations/${organization.login}/settings` : 'settings'
  return {
    id,
    client_id: app.clientId,
    account: accountBody(account, { world, urls }),
    repository_selection: installation.repositoryIds === 'all' ? 'all' : 'selected',
    access_tokens_url: `${urls.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${urls.api}/installation/repositories`,
    html_url: `${urls.web}/${settings}/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: target.id,
    target_type: organization ? 'Organization' : 'User',
    permissions: installation.permissions,
    events: app.events,
    created_at: written(installation.createdAt),
    updated_at: written(suspendedAt ?? installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspendedAt ? accountBody(account, { world, urls }) : null,
    suspended_at: suspendedAt ? written(suspendedAt) : null,
  }
}

function accountBody(login: string, { world, urls }: Pick<GitHubApi, 'world' | 'urls'>) {
  return simpleUser(world.requireAccount(login), world.findOrganization(login) ? 'Organization' : 'User', urls)
}
