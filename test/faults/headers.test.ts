import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenServer, openServer } from './open-server.ts'

let world: OpenServer
beforeAll(async () => {
  world = await openServer()
})
afterAll(() => world.close())

type Ask = [path: string, init?: RequestInit]
const json = (body: string): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body })

/** One of each kind of address that the server answers, well and badly. */
const answers: Ask[] = [
  ['/healthz'],
  ['/readyz'],
  ['/trpc/organization.setup'],
  ['/trpc/connections.list'],
  ['/trpc/no.such.procedure'],
  ['/trpc/live.events'],
  ['/trpc/organization.leave', json('{}')],
  ['/trpc/organization.leave', json('{')],
  ['/trpc/organization.leave', { ...json('{}'), headers: { origin: 'https://evil.test' } }],
  ['/trpc/organization.leave', { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }],
  ['/api/auth/get-session'],
  ['/api/auth/sign-in/email', json('{"email":"x@example.com","password":"wrong"}')],
  ['/api/auth/sign-in/email', json('{')],
  ['/api/auth/list-sessions'],
  ['/api/nothing'],
  ['/oauth/callback/nothing'],
  ['/webhooks/github', json('{}')],
]
const pages: Ask[] = [['/'], ['/connections/4711'], ['/join/4711'], ['/theme.js'], ['/assets/nothing-here.js']]

describe('every answer', () => {
  it.each([...answers, ...pages])('tells browsers what they may do with it: %s (%#)', async (path, init) => {
    const { headers } = await ask(path, init)
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
        const [name = '', ...sources] = directive.trim().split(' ')
        return [name, sources.join(' ')] as const
      }),
    )
    expect(Object.fromEntries(policy)).toMatchObject({
      ...{ 'default-src': "'self'", 'object-src': "'none'", 'base-uri': "'none'" },
      ...{ 'frame-ancestors': "'none'", 'form-action': "'self'" },
    })
    expect(policy.get('script-src') ?? policy.get('default-src')).toBe("'self'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toMatch(/^(SAMEORIGIN|DENY)$/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('access-control-allow-origin')).toBe(null)
    expect(headers.get('x-powered-by')).toBe(null)
  })

  it.each(answers)('that is no file of the page is stored nowhere: %s (%#)', async (path, init) => {
    expect((await ask(path, init)).headers.get('cache-control')).toBe('no-store')
  })
})

describe.each(['/trpc/organization.leave', '/api/auth/sign-in/email'])('a request to %s that is too large', (path) => {
  const MOST = 256 * 1024

  it('is refused as it is announced, and one that is just small enough is not', async () => {
    const large = await send(path, (sending) => sending.end(' '.repeat(MOST + 1)))
    expect(large.statusCode).toBe(413)
    expect(large.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect((await send(path, (sending) => sending.end(' '.repeat(MOST)))).statusCode).not.toBe(413)
  })

  it('is refused in pieces too, without waiting for its end', async () => {
    const pieces = await send(path, (sending) => {
      for (let sent = 0; sent <= MOST; sent += 16_384) sending.write(' '.repeat(16_384))
    })
    expect(pieces.statusCode).toBe(413)
  })
})

/** Sends a body as `write` says, in pieces unless it is ended at once, on a connection of its own. */
function send(path: string, write: (sending: ClientRequest) => void): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', cookie: world.cookie }
  return new Promise((resolve, reject) => {
    const sending = request(`${world.url}${path}`, { method: 'POST', headers, agent: false })
    sending.once('response', (response) => {
      resolve(response.resume())
      sending.destroy()
    })
    sending.once('error', reject)
    write(sending)
  })
}

/** Asks as the owner does, and lets go of the answer: some never end. */
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const stopping = new AbortController()
  const headers = new Headers(init.headers)
  headers.set('cookie', world.cookie)
  const { signal } = stopping
  const response = await fetch(`${world.url}${path}`, { ...init, headers, signal, redirect: 'manual' })
  stopping.abort()
  return response
}
