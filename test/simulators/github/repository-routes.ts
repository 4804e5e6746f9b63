import type { Hono } from 'hono'
import type { Branch } from '../git/store.ts'
import type { SimulatorEnv } from '../origin.ts'
import { fullOrganization } from './account-bodies.ts'
import { json, notForIntegrations, notForPersonalTokens, notFound, Refusal } from './answers.ts'
import { type Call, type GitHubApi, serve } from './call.ts'
import type { GitHubOrganization, GitHubRepository } from './declare.ts'
import { ownerOf } from './full-name.ts'
import { page } from './paging.ts'
import { canSee, mayReadContents, organizationRefusal } from './policy.ts'
import { fullRepository, listedRepository } from './repository-bodies.ts'
import { sorted } from './sorting.ts'

/** Repositories by name or id, their branches, and the organizations they belong to. */
export function repositoryRoutes(app: Hono<SimulatorEnv>, api: GitHubApi): void {
  const open = { for: 'anyone', acceptedScopes: 'repo' } as const
  const show = (call: Call, repository: GitHubRepository) => json(fullRepository(repository, api, call.viewer))
  serve(app, api, { ...open, template: '/repos/{owner}/{repo}', answer: (call) => atName(call, '', show) })
  serve(app, api, { ...open, template: '/repositories/{id}', answer: (call) => show(call, atId(call)) })
  serve(app, api, {
    ...open,
    acceptedScopes: '',
    template: '/repos/{owner}/{repo}/branches',
    answer: (call) => atName(call, '/branches', branches),
  })
  serve(app, api, {
    ...open,
    acceptedScopes: '',
    template: '/repositories/{id}/branches',
    answer: (call) => branches(call, atId(call)),
  })
  serve(app, api, {
    ...open,
    acceptedScopes: '',
    template: '/repos/{owner}/{repo}/branches/{branch}',
    answer: (call) => atName(call, `/branches/${parameter(call, 'branch')}`, oneBranch),
  })
  serve(app, api, {
    for: 'anyone',
    acceptedScopes: 'admin:org, read:org, repo, user, write:org',
    template: '/orgs/{org}',
    answer: (call) => json(fullOrganization(theOrganization(call), api.urls)),
  })
  serve(app, api, { ...open, template: '/orgs/{org}/repos', answer: organizationRepositories })
}

type Shown = Response | Promise<Response>

function atName(call: Call, rest: string, show: (call: Call, repository: GitHubRepository) => Shown): Shown {
  const { api, viewer, context } = call
  const fullName = `${parameter(call, 'owner')}/${parameter(call, 'repo')}`
  const repository = api.world.findRepository(fullName)
  if (repository) return show(call, admitted(call, repository))
  const moved = api.world.findRenamed(fullName)
  if (!moved || !canSee(api.world, viewer, moved)) throw notFound()
  const url = `${api.urls.api}/repositories/${moved.id}${rest}${new URL(context.req.url).search}`
  return json({ message: 'Moved Permanently', url, documentation_url: 'https://docs.github.com/rest' }, 301, {
    location: url,
  })
}

function atId(call: Call): GitHubRepository {
  const repository = call.api.world.repositories.get(Number(parameter(call, 'id')))
  if (!repository) throw notFound()
  return admitted(call, repository)
}

function admitted({ api, viewer }: Call, repository: GitHubRepository): GitHubRepository {
  const refusal = organizationRefusal(viewer, api.world.findOrganization(ownerOf(repository.fullName)), api.urls.web)
  if (!canSee(api.world, viewer, repository)) throw notFound()
  if (refusal) throw refusal
  if (repository.blocked) {
    const block = { reason: repository.blocked, created_at: repository.createdAt.toISOString(), html_url: null }
    throw new Refusal(repository.blocked === 'dmca' ? 451 : 403, 'Repository access blocked', { extra: { block } })
  }
  return repository
}

async function branches(call: Call, repository: GitHubRepository): Promise<Response> {
  const { protected: only } = call.context.req.query()
  const all = await readBranches(call, repository)
  const wanted = only === undefined ? all : all.filter((branch) => branch.protected === (only === 'true'))
  return page(call, wanted, (branch) => listedBranch(branch, repository, call.api.urls.api))
}

async function oneBranch(call: Call, repository: GitHubRepository): Promise<Response> {
  const { api } = call
  const name = parameter(call, 'branch')
  const branch = (await readBranches(call, repository)).find((known) => known.name === name)
  if (!branch) throw new Refusal(404, 'Branch not found')
  const self = `${api.urls.api}/repos/${repository.fullName}/branches/${branch.name}`
  const commit = `${api.urls.api}/repos/${repository.fullName}/commits/${branch.sha}`
  const person = { name: 'Sample Author', email: 'author@example.com', date: branch.committedAt.toISOString() }
  return json({
    name: branch.name,
    commit: {
      sha: branch.sha,
      node_id: branch.sha,
      url: commit,
      html_url: `${api.urls.web}/${repository.fullName}/commit/${branch.sha}`,
      comments_url: `${commit}/comments`,
      commit: {
        url: commit,
        author: person,
        committer: person,
        message: branch.message,
        comment_count: 0,
        tree: { sha: branch.tree, url: `${api.urls.api}/repos/${repository.fullName}/git/trees/${branch.tree}` },
      },
      author: null,
      committer: null,
      parents: [],
    },
    _links: { html: `${api.urls.web}/${repository.fullName}/tree/${branch.name}`, self },
    protected: branch.protected,
    protection: { enabled: branch.protected },
    protection_url: `${self}/protection`,
  })
}

/** A token without the contents permission may know the repository, not its branches. */
function readBranches({ api, viewer }: Call, repository: GitHubRepository): Promise<readonly Branch[]> {
  const { token } = viewer
  if (token && repository.visibility !== 'public' && !mayReadContents(api.world, token, repository)) {
    throw token.kind === 'fine-grained' ? notForPersonalTokens() : notForIntegrations()
  }
  return api.git.branches(repository)
}

function listedBranch(branch: Branch, { fullName }: GitHubRepository, api: string) {
  const commit = { sha: branch.sha, url: `${api}/repos/${fullName}/commits/${branch.sha}` }
  return { name: branch.name, commit, protected: branch.protected }
}

function theOrganization(call: Call): GitHubOrganization {
  const organization = call.api.world.findOrganization(parameter(call, 'org'))
  if (!organization) throw notFound()
  const refusal = organizationRefusal(call.viewer, organization, call.api.urls.web)
  if (refusal) throw refusal
  return organization
}

function organizationRepositories(call: Call): Response {
  const { api, viewer } = call
  const { login } = theOrganization(call)
  const own = [...api.world.repositories.values()].filter(
    (repository) => ownerOf(repository.fullName) === login && canSee(api.world, viewer, repository),
  )
  return page(call, sorted(call, own, 'created'), (repository) => listedRepository(repository, api, viewer))
}

function parameter({ context }: Call, name: string): string {
  return context.req.param(name) ?? ''
}
