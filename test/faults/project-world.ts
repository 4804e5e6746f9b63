import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Cause } from '../../server/commands/cause.ts'
import { createLog } from '../../server/log.ts'
import { openServer } from './open-server.ts'

const answered = z.object({ result: z.object({ data: z.unknown() }) })
const refused = z.object({
  error: z.object({
    message: z.string(),
    data: z.object({ domainCode: z.string().nullable(), field: z.string().nullable() }),
  }),
})
const withId = z.object({ id: z.string() })

export type ProjectWorld = Awaited<ReturnType<typeof openProjectWorld>>

/** A server whose connections have listed what a test says they reach. */
export async function openProjectWorld() {
  // Nobody is there to be asked: what is known of the connections is what the tests say.
  const { server, url, cookie, close } = await openServer(createLog('silent'), { GITLAB_URL: 'https://gitlab.invalid' })
  const { shell } = server
  const headers = { 'content-type': 'application/json', cookie }

  async function ask(path: string, input: object, method: 'GET' | 'POST'): Promise<unknown> {
    const body = JSON.stringify(input)
    const response =
      method === 'POST'
        ? await fetch(`${url}/trpc/${path}`, { method, headers, body })
        : await fetch(`${url}/trpc/${path}?input=${encodeURIComponent(body)}`, { headers })
    return response.json()
  }
  const see = async (path: string, input: object = {}) => answered.parse(await ask(path, input, 'GET')).result.data
  const change = async (path: string, input: object) => answered.parse(await ask(path, input, 'POST')).result.data
  const organizationId = withId.parse(await see('organization.get')).id

  return {
    ...{ shell, organizationId, see, change, close },
    /** A change by its refusal: code, field at fault, and what people are told. */
    async refusal(path: string, input: object) {
      const { message, data } = refused.parse(await ask(path, input, 'POST')).error
      return { code: data.domainCode, field: data.field, message }
    },
    async create(path: string, input: object): Promise<string> {
      return withId.parse(await change(path, input)).id
    },
    async connect(name: string): Promise<string> {
      const credential = { kind: 'token', token: `glpat-${'a'.repeat(20)}` }
      return withId.parse(await change('connections.create', { provider: 'gitlab', name, credential })).id
    },
    /** Has the connection's list show these, whose numbers are their places from 1; gives how each is chosen. */
    async reach(connectionId: string, ...names: string[]) {
      const listed = names.map((name, index) => ({
        ...{ organization_id: organizationId, connection_id: connectionId, repository_id: `${index + 1}` },
        ...{ full_name: `acme/${name}`, url: `https://gitlab.invalid/acme/${name}`, run: randomUUID() },
        ...{ private: true, archived: false, fork: false, default_branch: '17.0', pushed_at: null },
      }))
      await shell.db.insertInto('repository').values(listed).execute()
      return listed.map(({ repository_id }) => ({ connectionId, repositoryId: repository_id, branch: '17.0' }))
    },
    /** The types of a stream's events, the oldest first. */
    async typesOf(streamId: string): Promise<string[]> {
      const rows = await shell.db
        .selectFrom('event')
        .select('type')
        .where('stream_id', '=', streamId)
        .orderBy('version')
        .execute()
      return rows.map(({ type }) => type)
    },
    by(commandId = randomUUID()): Cause {
      const actor = { kind: 'person' as const, id: 'ada', name: 'Ada' }
      return { actor, organizationId, commandId, correlationId: commandId, causationId: null }
    },
  }
}
