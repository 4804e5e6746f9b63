import type { Hono } from 'hono'
import type { SimulatorEnv } from '../origin.ts'
import { signedInUser, simpleOrganization } from './account-bodies.ts'
import { json, Refusal } from './answers.ts'
import { type Call, type GitHubApi, serve } from './call.ts'
import type { GitHubRepository } from './declare.ts'
import { ownerOf } from './full-name.ts'
import { page } from './paging.ts'
import { canSee, needsSso, organizationRefusal } from './policy.ts'
import { listedRepository } from './repository-bodies.ts'
import { sorted } from './sorting.ts'

/** What the signed-in person is and has. */
export function userRoutes(app: Hono<SimulatorEnv>, api: GitHubApi): void {
  serve(app, api, {
    template: '/user',
    for: 'users',
    acceptedScopes: '',
    answer: ({ viewer }) => (viewer.token ? json(signedInUser(viewer.user, viewer.token, api.urls)) : json({})),
  })
  serve(app, api, { template: '/user/repos', for: 'users', acceptedScopes: 'repo', answer: ownRepositories })
  serve(app, api, {
    template: '/user/orgs',
    for: 'users',
    acceptedScopes: 'admin:org, read:org, repo, user, write:org',
    answer: (call) => {
      const mine = [...api.world.organizations.values()].filter(
        ({ members }) => call.viewer.user && members[call.viewer.user.login],
      )
      const open = mine.filter((organization) => !organizationRefusal(call.viewer, organization, api.urls.web))
      return page(call, open, (organization) => simpleOrganization(organization, api.urls))
    },
  })
}

function ownRepositories(call: Call): Response {
  const { api, viewer } = call
  const wanted = selection(call)
  const hidden = new Set<number>()
  const mine = [...api.world.repositories.values()].filter((repository) => {
    const role = viewer.user && api.world.roleOf(viewer.user.login, repository)
    if (!role || !wanted(repository, role.affiliation) || !canSee(api.world, viewer, repository)) return false
    const organization = api.world.findOrganization(ownerOf(repository.fullName))
    if (!organizationRefusal(viewer, organization, api.urls.web)) return true
    if (viewer.token && organization && needsSso(viewer.token, organization)) hidden.add(organization.id)
    return false
  })
  const response = page(call, sorted(call, mine, 'full_name'), (repository) =>
    listedRepository(repository, api, viewer),
  )
  if (hidden.size > 0) response.headers.set('x-github-sso', `partial-results; organizations=${[...hidden].join(',')}`)
  return response
}

const TYPES: Record<string, (repository: GitHubRepository, affiliation: string) => boolean> = {
  all: () => true,
  owner: (_, affiliation) => affiliation === 'owner',
  member: (_, affiliation) => affiliation !== 'owner',
  public: (repository) => repository.visibility === 'public',
  private: (repository) => repository.visibility !== 'public',
}

function selection({ context }: Call): (repository: GitHubRepository, affiliation: string) => boolean {
  const { type, visibility, affiliation } = context.req.query()
  if (type !== undefined && (visibility !== undefined || affiliation !== undefined)) {
    throw new Refusal(422, 'If you specify visibility or affiliation, you cannot specify type.')
  }
  const affiliations = (affiliation ?? 'owner,collaborator,organization_member').split(',')
  const byVisibility = TYPES[visibility ?? 'all'] ?? TYPES.all
  const byType = TYPES[type ?? 'all'] ?? TYPES.all
  return (repository, own) =>
    affiliations.includes(own) && byVisibility?.(repository, own) === true && byType?.(repository, own) === true
}
