import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createApp } from '../../server/http/app.ts'
import { createLog } from '../../server/log.ts'
import type { Shell } from '../../server/shell.ts'
import { type OpenServer, openServer } from './open-server.ts'
import { byPath, inputOf, policy } from './procedures.ts'

const SECRET = 'kQ7zP0canary4Wn2'
const failure = () => new Error(`connect failed: postgres://app:${SECRET}@db:5432, ghp_${SECRET.repeat(3)}`)

const lines: string[] = []
let world: OpenServer
beforeAll(async () => {
  world = await openServer(createLog('trace', (line) => void lines.push(line)))
})
afterAll(() => world.close())

/** What a request needs before any procedure begins, and to tell of its end. */
const FRAME: readonly (keyof Shell)[] = ['log', 'config', 'people']

/** The server's own shell, of which all but these parts fail at the first touch. */
function failingBut(sound: readonly (keyof Shell)[]): Shell {
  return new Proxy<Shell>(world.server.shell, {
    get(shell, part, receiver) {
      if (!sound.some((name) => name === part)) throw failure()
      return Reflect.get(shell, part, receiver)
    },
  })
}

const told = z.object({
  error: z.object({
    message: z.string(),
    data: z.object({ httpStatus: z.literal(500), domainCode: z.null(), issues: z.null(), correlationId: z.uuid() }),
  }),
})

async function answerOf(shell: Shell, path: string): Promise<{ status: number; body: string }> {
  const app = createApp(shell, async () => ({ ready: true, reasons: [] }))
  const input = JSON.stringify(inputOf(policy[path] ?? { who: 'member' }, () => randomUUID()))
  const headers = { 'content-type': 'application/json', cookie: world.cookie }
  const response =
    byPath[path]?.type === 'mutation'
      ? await app.request(`/trpc/${path}`, { method: 'POST', headers, body: input })
      : await app.request(`/trpc/${path}?input=${encodeURIComponent(input)}`, { headers })
  return { status: response.status, body: await response.text() }
}

const subscriptions = Object.keys(byPath).filter((path) => byPath[path]?.type === 'subscription')
const others = Object.keys(byPath).filter((path) => byPath[path]?.type !== 'subscription')

describe('a procedure that fails with a secret in its words', () => {
  it.each(others)('tells a number, and nothing else: %s', async (path) => {
    // Somebody who accepts an invitation is asked for by the procedure itself.
    const sound = path === 'organization.acceptInvitation' ? FRAME.filter((part) => part !== 'people') : FRAME
    const { status, body } = await answerOf(failingBut(sound), path)
    const { message, data } = told.parse(JSON.parse(body)).error
    expect(status).toBe(500)
    expect(message).toBe(`Something went wrong on our side. Tell the operator this number: ${data.correlationId}.`)
    expect(body).not.toContain(SECRET)
    const written = lines.filter((line) => line.includes(data.correlationId))
    expect(written).toHaveLength(1)
    expect(JSON.parse(written.join())).toMatchObject({ level: 50, path, err: { name: 'Error' } })
  })

  it.each(subscriptions)('tells no more on a stream: %s', async (path) => {
    const { body } = await answerOf(failingBut(FRAME), path)
    expect(body).toContain('Something went wrong on our side.')
    expect(body).not.toContain(SECRET)
  })

  it.each(others.filter((path) => policy[path]?.who === 'member'))(
    'does so too where it is not even known who asks: %s',
    async (path) => {
      const { status, body } = await answerOf(failingBut(['log', 'config']), path)
      const { message, data } = told.parse(JSON.parse(body)).error
      expect(status).toBe(500)
      expect(message).toContain(data.correlationId)
      expect(body).not.toContain(SECRET)
      expect(lines.filter((line) => line.includes(data.correlationId))).toHaveLength(1)
    },
  )

  it('tells no more in a batch', async () => {
    const { body } = await answerOf(failingBut(FRAME), 'connections.list')
    const app = createApp(failingBut(FRAME), async () => ({ ready: true, reasons: [] }))
    const batch = await app.request('/trpc/connections.list,organization.get?batch=1&input={}', {
      headers: { cookie: world.cookie },
    })
    expect(batch.status).toBe(500)
    expect(`${body}${await batch.text()}`).not.toContain(SECRET)
  })

  it('keeps the words for the log, without what looks like a secret in them', () => {
    expect(lines.join('')).toContain('connect failed')
    expect(lines.join('')).not.toContain(SECRET)
  })
})

describe('an address beside the procedures that fails', () => {
  it('tells no more than that', async () => {
    const app = createApp(world.server.shell, async () => {
      throw failure()
    })
    const response = await app.request('/readyz')
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ message: 'Something went wrong on our side.' })
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
  })
})
