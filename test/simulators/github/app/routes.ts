import type { Context, Hono } from 'hono'
import type { SimulatorEnv } from '../../origin.ts'
import { json, notFound, Refusal, requiresAuthentication } from '../answers.ts'
import { type Call, type Described, type GitHubApi, listen, serve } from '../call.ts'
import { page } from '../paging.ts'
import { ipRefusal } from '../policy.ts'
import { listedRepository } from '../repository-bodies.ts'
import { appBody, installationBody } from './bodies.ts'
import { type GitHubApp, type Installation, narrowing } from './declare.ts'
import { newToken } from './installation-token.ts'
import { appOfJwt } from './jwt.ts'

/** What an App asks in its own name, by a JWT; and what its installations and its users ask. */
export function appRoutes(app: Hono<SimulatorEnv>, api: GitHubApi): void {
  type Answer = (asking: GitHubApp, context: Context<SimulatorEnv>) => Response
  const forApp = (described: Described, answer: Answer) =>
    listen(app, api, described, async (context) => {
      const { credential } = context.env.record
      return answer(appOfJwt(api.world.apps, credential, api.world.clock.now()), context)
    })
  const installation = '/app/installations/{installation_id}'
  forApp({ template: '/app' }, (asking) => json(appBody(asking, api)))
  forApp({ template: '/app/installations' }, (asking, context) =>
    page({ context, api }, api.world.apps.of(asking), (one) => installationBody(one, api)),
  )
  forApp({ template: installation }, (asking, context) => json(installationBody(ownOf(api, asking, context), api)))
  forApp({ method: 'POST', template: `${installation}/access_tokens` }, (asking, context) => {
    const { body, headers } = context.env.record
    const { success, data } = narrowing.safeParse(body ?? {})
    const own = ownOf(api, asking, context)
    if (!success) throw new Refusal(422, 'Validation Failed')
    return newToken(api, own, { wanted: data, form: headers['x-github-stateless-s2s-token'] })
  })

  const open = { for: 'anyone' } as const
  serve(app, api, { ...open, template: '/installation/repositories', answer: repositoriesOfInstallation })
  serve(app, api, {
    ...open,
    method: 'DELETE',
    template: '/installation/token',
    answer: ({ viewer }) => {
      if (!viewer.token) throw requiresAuthentication()
      if (viewer.token.installation === null) throw new Refusal(403, 'Resource not accessible by personal access token')
      viewer.token.revoked = true
      return new Response(null, { status: 204 })
    },
  })
  serve(app, api, { for: 'users', template: '/user/installations', answer: installationsOfUser })
}

/** @throws {Refusal} where there is none, or it is another App's: the two look alike */
function ownOf({ world }: GitHubApi, asking: GitHubApp, { req }: Context<SimulatorEnv>): Installation {
  const installation = world.apps.installations.get(Number(req.param('installation_id')))
  if (installation?.app !== asking) throw notFound()
  return installation
}

function repositoriesOfInstallation(call: Call): Response {
  const { viewer, api } = call
  const { world } = api
  if (!viewer.token) throw requiresAuthentication()
  const { token } = viewer
  if (token.installation === null) {
    const text =
      'You must authenticate with an installation access token in order to list repositories for an installation.'
    throw new Refusal(403, text)
  }
  const installation = world.apps.requireInstallation(token.installation)
  const refusal = ipRefusal(world.findOrganization(installation.account))
  if (refusal) throw refusal
  const all = world.apps.repositoriesOf(installation)
  const own = all.filter(({ id }) => token.repositoryIds === null || token.repositoryIds.includes(id))
  const selected = token.repositoryIds !== null || installation.repositoryIds !== 'all'
  const present = (repository: (typeof own)[number]) => listedRepository(repository, api, viewer)
  return page(call, own, present, (repositories) => ({
    total_count: own.length,
    repository_selection: selected ? 'selected' : 'all',
    repositories,
  }))
}

/** The installations of the token's App that its user can reach: an id that stands in a link proves nothing. */
function installationsOfUser(call: Call): Response {
  const { viewer, api } = call
  const { world } = api
  const { token, user } = viewer
  if (token?.kind !== 'app-user' || !user) {
    const text = 'You must authenticate with an access token authorized to a GitHub App in order to list installations'
    throw new Refusal(403, text)
  }
  const mine = [...world.apps.installations.values()].filter(
    (installation) =>
      installation.app.clientId === token.clientId &&
      (installation.account === user.login ||
        world.findOrganization(installation.account)?.members[user.login] !== undefined),
  )
  return page(
    call,
    mine,
    (one) => installationBody(one, api),
    (installations) => ({ total_count: mine.length, installations }),
  )
}
