import { z } from 'zod'
import { appRouter } from '../../server/api/router.ts'

/** What has an id that another organization might try. */
export type Thing =
  | 'connection'
  | 'project'
  | 'environment'
  | 'deployment'
  | 'invitation'
  | 'member'
  | 'key'
  | 'user'
  | 'authorization'

export type Row = {
  /** `link` is for whoever holds an invitation's unguessable id: that id is the right itself. */
  who: 'anybody' | 'link' | 'member'
  /** Id fields of the input, in dot notation, each with the thing whose id it takes. */
  ids?: Record<string, Thing>
  rest?: Record<string, unknown>
  /** A filter finds nothing where another procedure finds no such thing. */
  filter?: true
}
const connection = { connectionId: 'connection' } as const
const moved = { ...connection, toConnectionId: 'connection' } as const
const project = { projectId: 'project' } as const
const choices = { 'repository.connectionId': 'connection', 'addons.0.connectionId': 'connection' } as const
const chosen = {
  name: 'Taken over',
  repository: { repositoryId: '1', branch: '17.0' },
  addons: [{ repositoryId: '2', branch: '17.0' }],
}
const environment = { environmentId: 'environment' } as const
const deployment = { deploymentId: 'deployment' } as const
const settled = { name: 'Taken over', odooVersion: '17.0', modules: 'all' }
const authorization = { authorizationId: 'authorization' } as const
export const gitlab = { provider: 'gitlab' }
export const application = { ...gitlab, clientId: 'an-application', clientSecret: 'its-long-secret' }
export const token = `ghp_${'a'.repeat(36)}`

/** Who may call what: a procedure without a row here fails the test. */
export const policy: Record<string, Row> = {
  'audit.list': {
    who: 'member',
    ids: { ...connection, ...project, ...environment, creatorId: 'user', actorId: 'user' },
    filter: true,
  },
  'audit.facets': { who: 'member' },
  'audit.asOf': { who: 'member', rest: { at: '2026-11-24T14:00:00Z' } },
  'connections.authorize': { who: 'member', ids: connection },
  'connections.authorization': { who: 'member', ids: authorization },
  'connections.confirmAuthorization': { who: 'member', ids: authorization, rest: { accept: true } },
  'connections.refresh': { who: 'member', ids: connection },
  'connections.setCertificateAuthority': { who: 'member', ids: connection, rest: { certificateAuthority: null } },
  'connections.list': { who: 'member' },
  'connections.get': { who: 'member', ids: connection },
  'connections.recognise': { who: 'member', rest: { provider: 'github', token } },
  'connections.probe': { who: 'member', rest: { ...gitlab, baseUrl: 'https://gitlab.example' } },
  'connections.probeConnection': { who: 'member', ids: connection },
  'connections.create': {
    who: 'member',
    rest: { provider: 'github', name: 'Other', credential: { kind: 'token', token } },
  },
  'connections.validate': { who: 'member', ids: connection },
  'connections.enable': { who: 'member', ids: connection },
  'connections.disable': { who: 'member', ids: connection },
  'connections.rename': { who: 'member', ids: connection, rest: { name: 'Taken over' } },
  'connections.replaceToken': { who: 'member', ids: connection, rest: { token } },
  'connections.dependents': { who: 'member', ids: connection },
  'connections.rehearseMove': { who: 'member', ids: moved },
  'connections.moveDependents': { who: 'member', ids: moved, rest: { seen: 'nothing' } },
  'connections.delete': { who: 'member', ids: connection },
  'connections.restore': { who: 'member', ids: connection },
  'connections.deleted': { who: 'member' },
  'connections.history': { who: 'member', ids: connection },
  'deployments.list': { who: 'member', ids: { ...environment, ...project }, filter: true },
  'deployments.get': { who: 'member', ids: deployment },
  'deployments.log': { who: 'member', ids: deployment },
  'deployments.changes': { who: 'member', ids: deployment },
  'deployments.start': { who: 'member', ids: environment },
  'deployments.cancel': { who: 'member', ids: deployment },
  'deployments.retry': { who: 'member', ids: deployment },
  'deployments.rollBack': { who: 'member', ids: deployment },
  'environments.list': { who: 'member', ids: project, filter: true },
  'environments.get': { who: 'member', ids: environment },
  'environments.create': { who: 'member', ids: project, rest: { ...settled, kind: 'staging' } },
  'environments.update': { who: 'member', ids: environment, rest: settled },
  'environments.stop': { who: 'member', ids: environment },
  'environments.resume': { who: 'member', ids: environment },
  'environments.delete': { who: 'member', ids: environment },
  'environments.findModules': { who: 'member', ids: project, rest: { odooVersion: '17.0' } },
  'live.events': { who: 'member' },
  'organization.setup': { who: 'anybody' },
  'organization.get': { who: 'member' },
  'organization.members': { who: 'member' },
  'organization.invitations': { who: 'member' },
  'organization.invite': { who: 'member', rest: { email: 'x@example.com' } },
  'organization.cancelInvitation': { who: 'member', ids: { invitationId: 'invitation' } },
  'organization.invitation': { who: 'link', ids: { invitationId: 'invitation' } },
  'organization.acceptInvitation': { who: 'link', ids: { invitationId: 'invitation' } },
  'organization.remove': { who: 'member', ids: { memberId: 'member' } },
  'organization.leave': { who: 'member' },
  'organization.keys': { who: 'member' },
  'organization.createKey': { who: 'member', rest: { name: 'ci', rights: ['see'] } },
  'organization.oauthApplications': { who: 'member' },
  'organization.oauthSetup': { who: 'member', rest: gitlab },
  'organization.setOauthApplication': { who: 'member', rest: application },
  'organization.removeOauthApplication': { who: 'member', rest: { ...gitlab, baseUrl: 'https://gitlab.com' } },
  'projects.list': { who: 'member' },
  'projects.get': { who: 'member', ids: project },
  'projects.create': { who: 'member', ids: choices, rest: chosen },
  'projects.update': { who: 'member', ids: { ...project, ...choices }, rest: chosen },
  'projects.delete': { who: 'member', ids: project },
  'repositories.list': { who: 'member', ids: connection },
  'repositories.branches': { who: 'member', ids: connection, rest: { repositoryId: '1' } },
  'repositories.diagnose': { who: 'member', ids: connection, rest: { url: 'https://github.com/acme/shop' } },
  'repositories.refresh': { who: 'member', ids: connection },
  'organization.revokeKey': { who: 'member', ids: { keyId: 'key' } },
}

// The library's types keep the nesting; at run time the procedures lie flat, by path.
const definition = z.object({ type: z.string(), inputs: z.array(z.instanceof(z.ZodType)) })
const procedure = z
  .custom<{ _def: unknown }>((value) => typeof value === 'function')
  .transform(({ _def }) => definition.parse(_def))
/** Every procedure by its path. */
export const byPath = z.record(z.string(), procedure).parse(appRouter._def.procedures)

/** The paths of those that change something. */
export const mutations = Object.keys(byPath).filter((path) => byPath[path]?.type === 'mutation')

/** A procedure's input, with the ids that are given. */
export function inputOf(row: Row, id: (of: Thing) => string): Record<string, unknown> {
  const input = structuredClone(row.rest ?? {})
  for (const [field, of] of Object.entries(row.ids ?? {})) {
    const path = field.split('.')
    const last = path.pop() ?? ''
    let place = input
    for (const name of path) place = nested.parse(Reflect.get(place, name))
    Reflect.set(place, last, id(of))
  }
  return input
}

/** Kept as it is, so that what is set in it is set in the input. */
const nested = z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null)
