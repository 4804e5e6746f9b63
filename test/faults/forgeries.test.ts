import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servedAuthPaths } from '../../server/auth/auth.ts'
import { type OpenServer, openServer, owner } from './open-server.ts'
import { inputOf, mutations, policy } from './procedures.ts'

let world: OpenServer
let url: string
let before: string
beforeAll(async () => {
  world = await openServer()
  url = world.url
  before = await everything()
})
afterAll(() => world.close())

const JSON_TYPE = { 'content-type': 'application/json' }

type Forgery = [name: string, make: (body: string) => RequestInit]
const post = (headers: Record<string, string>, body: string | Blob): RequestInit => ({ method: 'POST', headers, body })

/** What a page of another site can make a browser send, and what it could if it were allowed more. */
const forgeries: Forgery[] = [
  ['another origin', (body) => post({ ...JSON_TYPE, origin: 'https://evil.test' }, body)],
  ['the own name at another port', (body) => post({ ...JSON_TYPE, origin: 'http://localhost:1' }, body)],
  ['an origin that begins as ours', (body) => post({ ...JSON_TYPE, origin: `${world.origin}.evil.test` }, body)],
  ['the own origin over https', (body) => post({ ...JSON_TYPE, origin: world.origin.replace('http', 'https') }, body)],
  ['the origin null', (body) => post({ ...JSON_TYPE, origin: 'null' }, body)],
  ['no origin, from another site', (body) => post({ ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, body)],
  ['no origin, from a sister site', (body) => post({ ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, body)],
  ['another origin and a key', (body) => post({ ...JSON_TYPE, origin: 'https://evil.test', 'x-api-key': 'x' }, body)],
  ["a form's text/plain", (body) => post({ 'content-type': 'text/plain' }, body)],
  ["a form's own type", (body) => post({ 'content-type': 'application/x-www-form-urlencoded' }, body)],
  ['a multipart form', (body) => post({ 'content-type': 'multipart/form-data; boundary=x' }, body)],
  ['no type', (body) => post({}, new Blob([body]))],
  ['a form from another site', (body) => post({ 'content-type': 'text/plain', origin: 'https://evil.test' }, body)],
]

const cases = forgeries.flatMap(([name, make]) => mutations.map((path) => [path, name, make] as const))

describe('a change that another site asks for', () => {
  it.each(cases)('is refused: %s, with %s', async (path, _, make) => {
    const body = JSON.stringify(inputOf(policy[path] ?? { who: 'member' }, () => randomUUID()))
    const init = make(body)
    const response = await fetch(`${url}/trpc/${path}`, { ...init, headers: withCookie(init) })
    expect([403, 415]).toContain(response.status)
    expect(response.headers.get('access-control-allow-origin')).toBe(null)
  })

  it.each(mutations)('is refused as a GET: %s', async (path) => {
    const input = encodeURIComponent(JSON.stringify(inputOf(policy[path] ?? { who: 'member' }, () => randomUUID())))
    for (const address of [`${path}?input=${input}`, `${path},${path}?batch=1&input=${input}`]) {
      const response = await fetch(`${url}/trpc/${address}`, { headers: { cookie: world.cookie } })
      expect([400, 405]).toContain(response.status)
    }
  })

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is refused as a %s', async (method) => {
    const headers = { ...JSON_TYPE, origin: 'https://evil.test', cookie: world.cookie }
    const response = await fetch(`${url}/trpc/organization.leave`, { method, headers })
    expect(response.ok).toBe(false)
    expect(response.headers.get('access-control-allow-origin')).toBe(null)
  })

  it('is refused in a batch', async () => {
    const headers = { ...JSON_TYPE, origin: 'https://evil.test', cookie: world.cookie }
    const two = 'organization.leave,organization.leave?batch=1'
    expect((await fetch(`${url}/trpc/${two}`, { method: 'POST', headers, body: '{"0":{},"1":{}}' })).status).toBe(403)
  })

  const bodies: Record<(typeof servedAuthPaths)[number], unknown> = {
    '/sign-up/email': { name: 'Eve', email: 'eve@example.com', password: 'long enough 1' },
    '/sign-in/email': { email: owner.email, password: owner.password },
    '/sign-out': {},
    '/get-session': {},
    '/change-password': { currentPassword: owner.password, newPassword: 'taken over 1' },
    '/update-user': { name: 'Eve' },
    '/revoke-other-sessions': {},
  }
  const requests = servedAuthPaths.flatMap((path) => forgeries.map(([name, make]) => [path, name, make] as const))

  it.each(requests)('about accounts is refused: %s, with %s', async (path, _, make) => {
    const init = make(JSON.stringify(bodies[path]))
    const response = await fetch(`${url}/api/auth${path}`, { ...init, headers: withCookie(init) })
    expect(response.ok).toBe(false)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('about accounts is refused to a browser without a session, so that nobody is signed in as another', async () => {
    for (const [, make] of forgeries) {
      const response = await fetch(`${url}/api/auth/sign-in/email`, make(JSON.stringify(bodies['/sign-in/email'])))
      expect(response.headers.getSetCookie()).toEqual([])
    }
  })

  it('changed nothing', async () => expect(await everything()).toBe(before))
})

describe('a change that the own page asks for', () => {
  it.each(mutations)('is not taken for one of another site: %s', async (path) => {
    const body = JSON.stringify({ connectionId: 'no id', name: '' })
    const init = post({ ...JSON_TYPE, origin: world.origin, 'sec-fetch-site': 'same-origin' }, body)
    const response = await fetch(`${url}/trpc/${path}`, { ...init, headers: withCookie(init) })
    expect(await response.text()).toContain('"domainCode"')
  })

  it('is done', async () => {
    const init = post({ ...JSON_TYPE, origin: world.origin }, JSON.stringify({ name: 'ci', rights: ['see'] }))
    const response = await fetch(`${url}/trpc/organization.createKey`, { ...init, headers: withCookie(init) })
    expect(response.status).toBe(200)
    expect(await everything()).not.toBe(before)
  })
})

function withCookie(init: RequestInit): Headers {
  const headers = new Headers(init.headers)
  headers.set('cookie', world.cookie)
  return headers
}

/** All that a forged request could have changed. */
async function everything(): Promise<string> {
  const tables = [
    'event',
    'connection_status',
    'project_status',
    'credential',
    'invitation',
    'member',
    'apikey',
    'organization',
  ]
  const texts: string[] = []
  for (const table of [...tables, '"user"', 'account', 'session']) {
    const { rows } = await world.pool.query<{ text: string | null }>(
      `select string_agg(t::text, chr(10) order by t::text) as text from ${table} t`,
    )
    texts.push(`${table}: ${rows[0]?.text}`)
  }
  return texts.join('\n')
}
