import type { Hono } from 'hono'
import type { SimulatorEnv } from '../origin.ts'
import { canSee, demandCode, levelOf, requireVisible } from './access.ts'
import { json, refused } from './answers.ts'
import { branchBody, fullProject, simpleProject } from './bodies.ts'
import { type Call, type GitLabApi, serve } from './call.ts'
import type { GitLabProject } from './declare.ts'
import { checkPaging, keysetPage, offsetPage } from './paging.ts'
import { namespaceOf } from './world.ts'

/** Projects and their branches. */
export function projectRoutes(app: Hono<SimulatorEnv>, api: GitLabApi): void {
  const open = { for: 'anyone', scopes: ['api', 'read_api'], permission: 'Project: Read' } as const
  serve(app, api, { ...open, template: '/projects', answer: listProjects })
  serve(app, api, {
    ...open,
    template: '/projects/:id',
    answer: (call) => atId(call, '', (project) => json(presented(call, project))),
  })
  const code = { ...open, permission: 'Code: Read' } as const
  serve(app, api, {
    ...code,
    template: '/projects/:id/repository/branches',
    answer: (call) => atId(call, '/repository/branches', (project) => listBranches(call, project)),
  })
  serve(app, api, {
    ...code,
    template: '/projects/:id/repository/branches/:branch',
    answer: (call) => {
      const name = call.context.req.param('branch') ?? ''
      const rest = `/repository/branches/${encodeURIComponent(name)}`
      return atId(call, rest, (project) => oneBranch(call, project, name))
    },
  })
}

function presented({ api, viewer, context }: Call, project: GitLabProject) {
  const simple = viewer === null || context.req.query('simple') === 'true'
  return simple ? simpleProject(project, api, viewer) : fullProject(project, api, viewer)
}

type Shown = Response | Promise<Response>

/** Shows the project that the address names, or the way to it where it moved. */
function atId(call: Call, rest: string, show: (project: GitLabProject) => Shown): Shown {
  const { api, viewer, context } = call
  const id = context.req.param('id') ?? ''
  const moved = /^\d+$/.test(id) ? undefined : api.world.findMoved(id)
  if (!moved || !canSee(api, viewer, moved)) return show(requireVisible(api, viewer, id))
  const location = `${api.urls.external}/api/v4/projects/${moved.id}${rest}${new URL(context.req.url).search}`
  return new Response(`This resource has been moved permanently to ${location}`, {
    status: 301,
    headers: { location, 'content-type': 'text/plain' },
  })
}

const ORDER: Record<string, (project: GitLabProject) => string | number> = {
  id: ({ id }) => id,
  name: ({ path }) => path.toLowerCase(),
  path: ({ path }) => path.toLowerCase(),
  created_at: ({ createdAt }) => createdAt.getTime(),
  updated_at: ({ lastActivityAt }) => lastActivityAt.getTime(),
  last_activity_at: ({ lastActivityAt }) => lastActivityAt.getTime(),
}

function listProjects(call: Call): Response {
  const paging = checkPaging(call)
  const { order_by = 'created_at', sort = 'desc' } = call.context.req.query()
  const wanted = [...call.api.world.projects.values()].filter((project) => isWanted(call, project))
  const present = (project: GitLabProject) => presented(call, project)
  if (paging === 'keyset')
    return keysetPage(
      call,
      wanted.toSorted((one, other) => one.id - other.id),
      present,
    )
  const key = ORDER[order_by] ?? (({ id }: GitLabProject) => id)
  const sign = sort === 'asc' ? 1 : -1
  const ordered = wanted.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)]
    return sign * (a < b ? -1 : a > b ? 1 : one.id - other.id)
  })
  return offsetPage(call, ordered, present)
}

function isWanted({ api, viewer, context }: Call, project: GitLabProject): boolean {
  if (!canSee(api, viewer, project)) return false
  const query = context.req.query()
  const level = levelOf(api, viewer, project)
  const needle = query.search?.toLowerCase()
  const haystack =
    query.search_namespaces === 'true' ? project.path : project.path.slice(namespaceOf(project.path).length)
  return (
    (query.membership !== 'true' || level > 0) &&
    (query.owned !== 'true' || level === 50) &&
    (query.min_access_level === undefined || level >= Number(query.min_access_level)) &&
    (query.archived === undefined || project.archived === (query.archived === 'true')) &&
    (query.visibility === undefined || project.visibility === query.visibility) &&
    (query.id_after === undefined || project.id > Number(query.id_after)) &&
    (query.id_before === undefined || project.id < Number(query.id_before)) &&
    (query.last_activity_after === undefined || project.lastActivityAt > new Date(query.last_activity_after)) &&
    (needle === undefined || haystack.toLowerCase().includes(needle))
  )
}

async function listBranches(call: Call, project: GitLabProject): Promise<Response> {
  const { api, viewer, context } = call
  demandCode(api, viewer, project)
  const { search, regex, sort } = context.req.query()
  const all = await api.git.branches(project)
  const found = all.filter(({ name }) => matches(name, search) && (regex === undefined || new RegExp(regex).test(name)))
  const sign = sort === 'updated_asc' ? 1 : -1
  const byTime = sort === 'updated_asc' || sort === 'updated_desc'
  const ordered = byTime
    ? found.toSorted((one, other) => sign * (one.committedAt.getTime() - other.committedAt.getTime()))
    : found
  return offsetPage(call, ordered, (branch) => branchBody(branch, project, api, viewer))
}

/** `^x` finds what begins with x, `x$` what ends with it. */
function matches(name: string, search: string | undefined): boolean {
  if (search === undefined) return true
  if (search.startsWith('^')) return name.startsWith(search.slice(1))
  if (search.endsWith('$')) return name.endsWith(search.slice(0, -1))
  return name.toLowerCase().includes(search.toLowerCase())
}

async function oneBranch({ api, viewer }: Call, project: GitLabProject, name: string): Promise<Response> {
  demandCode(api, viewer, project)
  const branch = (await api.git.branches(project)).find((known) => known.name === name)
  if (!branch) throw refused(404, 'Branch Not Found')
  return json(branchBody(branch, project, api, viewer))
}
