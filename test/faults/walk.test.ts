import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createOrganization } from '../../server/commands/organization.ts'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { application, byPath, gitlab, inputOf, policy, type Thing, token } from './procedures.ts'

const procedures = Object.entries(byPath)

/** No ids of ours: a number of the caller's request, a place in their log, a provider's name for what it has. */
const notOurs = new Set(['commandId', 'lastEventId', 'clientId', 'repositoryId'])

/** As much of a JSON schema as has fields by name, or is a list of what has. */
interface Node {
  properties?: Record<string, Node> | undefined
  items?: Node | undefined
}
const node: z.ZodType<Node> = z.lazy(() =>
  z.object({ properties: z.record(z.string(), node).optional(), items: node.optional() }),
)

/** The fields of an input in dot notation; of a list its first item stands for all. */
function fieldsOf({ properties, items }: Node): string[] {
  const own = Object.entries({ ...properties, ...(items ? { 0: items } : {}) })
  return own.flatMap(([name, inner]) => [name, ...fieldsOf(inner).map((field) => `${name}.${field}`)])
}

const answer = z.object({ result: z.object({ data: z.unknown() }) })
const withId = z.object({ id: z.string() })
const signIn = z.object({ authorizationId: z.string() })
const signedUp = z.object({ user: z.object({ id: z.string() }) })

let server: RunningServer
let closers: (() => PromiseLike<unknown>)[] = []
let own: Record<Thing, string>
let owner: string
let stranger: string
let removed: string
let acceptance: { invitationId: string; commandId: string }

async function call(path: string, cookie: string | null, input: unknown = {}) {
  const url = `http://127.0.0.1:${server.port}/trpc/${path}`
  const headers = { 'content-type': 'application/json', ...(cookie === null ? {} : { cookie }) }
  const response =
    byPath[path]?.type === 'mutation'
      ? await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })
      : await fetch(`${url}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers })
  const body = (await response.text()).replace(/"correlationId":"[^"]+"/, '"correlationId":"one"')
  return { status: response.status, body }
}

async function result(path: string, cookie: string | null, input?: unknown) {
  const { status, body } = await call(path, cookie, input)
  expect(status, body).toBe(200)
  return answer.parse(JSON.parse(body)).result.data
}

async function signUp(name: string) {
  const response = await fetch(`http://127.0.0.1:${server.port}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email: `${name}@example.com`, password: 'long enough 1' }),
  })
  const text = await response.text()
  expect(response.status, text).toBe(200)
  const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0])
  return { cookie: cookie.join('; '), userId: signedUp.parse(JSON.parse(text)).user.id }
}

async function invite(name: string) {
  return withId.parse(await result('organization.invite', owner, { email: `${name}@example.com` })).id
}

beforeAll(async () => {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'walk-'))
  closers = [() => rm(dataDir, { recursive: true }), () => database[Symbol.asyncDispose]()]
  const config = readConfig({ PORT: '0', DATABASE_URL: database.connectionString, DATA_DIR: dataDir })
  server = await startServer(config, createLog('silent'))
  closers.push(() => server.stop())

  const alice = await signUp('alice')
  owner = alice.cookie
  const { id } = withId.parse(
    await result('connections.create', owner, {
      ...{ provider: 'github', name: 'Ours', credential: { kind: 'token', token } },
    }),
  )
  const { id: organizationId } = withId.parse(await result('organization.get', owner))
  const key = withId.parse(await result('organization.createKey', owner, { name: 'ci', rights: ['see'] }))
  const [member] = z.array(withId).parse(await result('organization.members', owner))
  await result('organization.setOauthApplication', owner, application)
  const { authorizationId } = signIn.parse(await result('connections.authorize', owner, gitlab))
  const reached = ['1', '2'].map((repository_id) => ({
    ...{ organization_id: organizationId, connection_id: id, repository_id, full_name: `acme/${repository_id}` },
    ...{ url: 'https://github.com/acme', run: randomUUID(), default_branch: null, pushed_at: null },
    ...{ private: true, archived: false, fork: false },
  }))
  await server.shell.db.insertInto('repository').values(reached).execute()
  const project = withId.parse(
    await result('projects.create', owner, {
      ...{ name: 'ERP', repository: { connectionId: id, repositoryId: '1', branch: '17.0' } },
    }),
  )
  const environment = withId.parse(
    await result('environments.create', owner, {
      ...{ projectId: project.id, name: 'Staging', kind: 'staging', odooVersion: '17.0', modules: 'all' },
    }),
  )
  const deployment = withId.parse(await result('deployments.start', owner, { environmentId: environment.id }))
  own = {
    ...{ project: project.id, environment: environment.id, deployment: deployment.id },
    ...{ connection: id, authorization: authorizationId, key: key.id, user: alice.userId, member: member?.id ?? '' },
    invitation: await invite('erin'),
  }

  await invite('dave')
  const dave = await signUp('dave')
  stranger = dave.cookie
  const { shell } = server
  await createOrganization(shell, { userId: dave.userId, name: 'dave', email: 'dave@example.com' }, randomUUID())

  acceptance = { invitationId: await invite('carol'), commandId: randomUUID() }
  const carol = await signUp('carol')
  removed = carol.cookie
  await result('organization.acceptInvitation', removed, acceptance)
  await result('organization.get', removed)
  const members = z.array(z.object({ id: z.string(), userId: z.string() }))
  const row = members.parse(await result('organization.members', owner)).find(({ userId }) => userId === carol.userId)
  await result('organization.remove', owner, { memberId: row?.id })
})

afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

describe('every procedure', () => {
  it('has a row in the policy, and every row a procedure', () => {
    expect(procedures.map(([path]) => path).sort()).toEqual(Object.keys(policy).sort())
  })

  it.each(procedures)('%s has each id field of its input in the policy', (path, procedure) => {
    const fields = procedure.inputs.flatMap((input) => {
      const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
      return fieldsOf(node.parse(schema))
    })
    const ids = fields.filter((field) => field.endsWith('Id') && !notOurs.has(field.replace(/^.*[.]/, '')))
    expect(ids.sort()).toEqual(Object.keys(policy[path]?.ids ?? {}).sort())
  })
})

const members = Object.entries(policy).filter(([, row]) => row.who === 'member')

describe('somebody who is no member', () => {
  it.each(members)('gets nothing from %s without a session', async (path, row) => {
    expect(
      (
        await call(
          path,
          null,
          inputOf(row, (of) => own[of]),
        )
      ).body,
    ).toContain('"code":"UNAUTHORIZED"')
  })

  it.each(members)('gets nothing from %s by the session of before the removal', async (path, row) => {
    expect(
      (
        await call(
          path,
          removed,
          inputOf(row, (of) => own[of]),
        )
      ).body,
    ).toContain('"code":"UNAUTHORIZED"')
  })

  it('is not let in again by repeating the command that let them in once', async () => {
    expect((await call('organization.acceptInvitation', removed, acceptance)).status).toBe(404)
    expect((await call('organization.get', removed)).status).toBe(401)
  })
})

describe('a member of another organization', () => {
  it.each(members.filter(([, row]) => row.ids))(
    'cannot tell a foreign id from a missing one: %s',
    async (path, row) => {
      const foreign = await call(
        path,
        stranger,
        inputOf(row, (of) => own[of]),
      )
      const missing = await call(
        path,
        stranger,
        inputOf(row, () => randomUUID()),
      )
      expect(foreign).toEqual(missing)
      expect(foreign.status).toBe(row.filter ? 200 : 404)
    },
  )

  it('changed nothing of ours', async () => {
    expect(await result('connections.get', owner, { connectionId: own.connection })).toMatchObject({ name: 'Ours' })
    expect(await result('projects.get', owner, { projectId: own.project })).toMatchObject({ name: 'ERP', addons: [] })
    expect(await result('environments.list', owner)).toMatchObject([{ name: 'Staging', stoppedAt: null }])
    expect(await result('organization.keys', owner)).toHaveLength(1)
    expect(await result('organization.members', owner)).toHaveLength(1)
  })
})
