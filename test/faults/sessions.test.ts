import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { cookieOf, type OpenServer, openServer, owner } from './open-server.ts'

/** The addresses of better-auth count how often one address asks in this time. */
const MOST_A_MINUTE = 20

let world: OpenServer
beforeAll(async () => {
  world = await openServer()
})
beforeEach(() => world.pool.query('delete from "rateLimit"'))
afterAll(() => world.close())

function signIn(email: string, password: string, headers: Record<string, string> = {}) {
  return fetch(`${world.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email, password }),
  })
}

describe('guessing a password', () => {
  it('ends after some tries, for the right one too, however many are made at once and whoever is pretended', async () => {
    const pretended = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n}`, 'x-real-ip': `203.0.113.${n}` })
    const guesses = Array.from({ length: 60 }, (_, n) => signIn(owner.email, `guess ${n} of many`, pretended(n)))
    const tried = (await Promise.all(guesses)).map(({ status }) => status)
    expect(tried.filter((status) => status === 401).length).toBeLessThanOrEqual(MOST_A_MINUTE)
    expect(tried.every((status) => status >= 400)).toBe(true)
    expect(tried).toContain(429)
    expect((await signIn(owner.email, owner.password, pretended(99))).status).toBe(429)
  }, 120_000)

  it('does not tell whether there is such an account', async () => {
    const known = await signIn(owner.email, 'not the password')
    const unknown = await signIn('nobody@example.com', 'not the password')
    expect(known.status).toBe(unknown.status)
    expect(await known.text()).toBe(await unknown.text())
  })
})

describe('a session', () => {
  const who = async (headers: Record<string, string>) =>
    (await fetch(`${world.url}/trpc/organization.get`, { headers })).status

  it('is known by its cookie, which no script can read', async () => {
    const response = await signIn(owner.email, owner.password)
    expect(response.headers.getSetCookie().join()).toMatch(/; HttpOnly/i)
    expect(response.headers.getSetCookie().join()).toMatch(/; SameSite=Lax/i)
    expect(await response.json()).not.toHaveProperty('token')
    expect(await who({ cookie: cookieOf(response) })).toBe(200)
  })

  it('is told to its own page without its token', async () => {
    const response = await fetch(`${world.url}/api/auth/get-session`, { headers: { cookie: world.cookie } })
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ user: { email: owner.email }, session: { userId: expect.any(String) } })
    expect(text).not.toContain('token')
  })

  it('is not opened by what the database holds of it', async () => {
    const { rows } = await world.pool.query<{ id: string; token: string }>('select id, token from session')
    expect(rows.length).toBeGreaterThan(0)
    const name = world.cookie.split('=')[0]
    const signature = decodeURIComponent(world.cookie).split('.').at(-1)
    for (const { id, token } of rows) {
      const wrong = [token, id, `${token}.`, `${token}.${Buffer.alloc(32).toString('base64')}`, `${id}.${signature}`]
      for (const value of wrong) expect(await who({ cookie: `${name}=${encodeURIComponent(value)}` })).toBe(401)
      for (const value of [token, id]) {
        expect(await who({ authorization: `Bearer ${value}` })).toBe(401)
        expect(await who({ 'x-api-key': value })).toBe(401)
      }
    }
    expect(await who({ cookie: world.cookie })).toBe(200)
  })
})

describe('an API key', () => {
  const answer = z.object({ result: z.object({ data: z.object({ key: z.string() }) }) })

  it('is stored as a hash, with no more than its first characters', async () => {
    const made = await fetch(`${world.url}/trpc/organization.createKey`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: world.cookie },
      body: JSON.stringify({ name: 'ci', rights: ['see'] }),
    })
    const { key } = answer.parse(await made.json()).result.data
    const { rows } = await world.pool.query<{ key: string; start: string; text: string }>(
      'select key, start, t::text as text from apikey t',
    )
    expect(key).toMatch(/^gc_[A-Za-z]{64}$/)
    expect(rows).toMatchObject([{ start: key.slice(0, 6) }])
    expect(rows[0]?.text).not.toContain(key.slice(3, 15))
    for (const value of [rows[0]?.key, rows[0]?.start]) {
      const headers = { 'x-api-key': String(value) }
      expect((await fetch(`${world.url}/trpc/connections.list`, { headers })).status).toBe(401)
    }
    expect((await fetch(`${world.url}/trpc/connections.list`, { headers: { 'x-api-key': key } })).status).toBe(200)
  })
})

describe("a person's name", () => {
  const rename = (name: string) =>
    fetch(`${world.url}/api/auth/update-user`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: world.cookie, origin: world.origin },
      body: JSON.stringify({ name }),
    })

  it('holds nothing that the log could not keep for good', async () => {
    expect((await rename(` Ada\u0000\n ghp_${'x1'.repeat(18)} `)).status).toBe(200)
    const { rows } = await world.pool.query<{ name: string }>('select name from "user"')
    expect(rows).toEqual([{ name: 'Ada   [secret]' }])
  })

  it('is not empty', async () => expect((await rename('\u0007 ')).status).toBe(400))
})
