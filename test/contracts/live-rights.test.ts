import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { type RunningServer, startServer } from '../../server/start.ts'

let server: RunningServer
let closers: (() => PromiseLike<unknown>)[] = []

beforeAll(async () => {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'live-'))
  const config = readConfig({ PORT: '0', DATABASE_URL: database.connectionString, DATA_DIR: dataDir })
  server = await startServer(config, createLog('silent'))
  closers = [() => rm(dataDir, { recursive: true }), () => database[Symbol.asyncDispose](), () => server.stop()]
})
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

async function post(path: string, headers: Record<string, string>, body: object = {}) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) },
  })
  expect(response.status, path).toBe(200)
  return response
}

async function enter(way: 'sign-up' | 'sign-in', name: string): Promise<{ cookie: string }> {
  const person = { email: `${name}@example.com`, password: 'long enough 1', ...(way === 'sign-up' ? { name } : {}) }
  const response = await post(`/api/auth/${way}/email`, {}, person)
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0])
  return { cookie: cookies.join('; ') }
}

const result = async (response: Response) =>
  z.object({ result: z.object({ data: z.unknown() }) }).parse(await response.json()).result.data

/** Opens the stream; `ended` resolves with all that came once the server has closed it. */
async function listen(headers: Record<string, string>) {
  const response = await fetch(`http://127.0.0.1:${server.port}/trpc/live.events`, { headers })
  expect(response.status).toBe(200)
  return { ended: response.text() }
}

describe('the live stream ends by itself', () => {
  it('when its person signs out', async () => {
    await enter('sign-up', 'ada')
    const session = await enter('sign-in', 'ada')
    const { ended } = await listen(session)
    await post('/api/auth/sign-out', session)
    expect(await ended).toContain('event: return')
  })

  it('when its key is revoked', async () => {
    const session = await enter('sign-in', 'ada')
    const made = await post('/trpc/organization.createKey', session, { name: 'ci', rights: ['see'] })
    const { id, key } = z.object({ id: z.string(), key: z.string() }).parse(await result(made))
    const { ended } = await listen({ 'x-api-key': key })
    await post('/trpc/organization.revokeKey', session, { keyId: id })
    expect(await ended).toContain('event: return')
  })

  it('when its person is no member any more', async () => {
    const session = await enter('sign-in', 'ada')
    const invited = await post('/trpc/organization.invite', session, { email: 'grace@example.com' })
    const { id } = z.object({ id: z.string() }).parse(await result(invited))
    const grace = await enter('sign-up', 'grace')
    await post('/trpc/organization.acceptInvitation', grace, { invitationId: id })
    const { ended } = await listen(grace)
    await post('/trpc/organization.leave', grace)
    expect(await ended).toContain('event: return')
  })
})
