import type { Hono } from 'hono'
import { z } from 'zod'
import type { SimulatorEnv } from '../origin.ts'
import { json, notFound, requiresAuthentication } from './answers.ts'
import type { GitHubApi } from './call.ts'
import { payerOf } from './front-door.ts'
import { canSee, mayReadContents } from './policy.ts'

const PER_PAGE = 100
const asked = z.object({
  query: z.string().regex(/refs\(refPrefix: "refs\/heads\/"/),
  variables: z.object({ owner: z.string(), name: z.string(), after: z.string().nullish() }),
})

/**
 * The one question of GraphQL that is known here: a repository's branches with the dates of their commits, which REST
 * does not tell.
 * @see https://docs.github.com/en/graphql/reference/objects#repository
 */
export function graphRoutes(app: Hono<SimulatorEnv>, api: GitHubApi): void {
  app.post('/graphql', async (context) => {
    const { record } = context.env
    record.route = 'POST /graphql'
    const viewer = api.door.admit(record.credential)
    api.limit.spend(payerOf(viewer))
    if (!viewer.token) throw requiresAuthentication()
    const question = asked.safeParse(record.body)
    if (!question.success) throw notFound()
    const { owner, name, after } = question.data.variables
    const repository = api.world.findRepository(`${owner}/${name}`)
    const seen = repository && canSee(api.world, viewer, repository) ? repository : null
    if (!seen || !mayReadContents(api.world, viewer.token, seen)) {
      const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`
      return json({ data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'], message }] })
    }
    const branches = (await api.git.branches(seen)).toSorted((one, other) => (one.name < other.name ? -1 : 1))
    const from = Number(after ?? 0)
    const shown = branches.slice(from, from + PER_PAGE)
    const nodes = shown.map(({ name, sha, committedAt }) => ({
      name,
      target: { oid: sha, committedDate: committedAt.toISOString() },
    }))
    const end = from + shown.length
    const pageInfo = { hasNextPage: end < branches.length, endCursor: String(end) }
    return json({ data: { repository: { refs: { nodes, pageInfo } } } })
  })
}
