import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { FaultInput } from '../simulators/faults/fault.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'

let github: GitHubSimulator
let token: string

beforeEach(async () => {
  github = await startGitHub()
  github.user({ login: 'ada' })
  for (const name of ['a', 'b', 'c']) github.repository({ fullName: `ada/${name}` })
  token = github.token({ user: 'ada' })
})
afterEach(() => github[Symbol.asyncDispose]())

const ask = (path = '/user', shown = token, signal: AbortSignal | null = null) =>
  fetch(github.apiUrl + path, { headers: { authorization: `Bearer ${shown}` }, redirect: 'manual', signal })

/** The code, or at least the name, of the network's own failure under the one that fetch throws. */
async function failure(asked: Promise<Response>): Promise<string> {
  try {
    const answer = await asked
    return `no failure: ${await answer.text()}`
  } catch (error) {
    const { code, name } = z.looseObject({ code: z.string().optional(), name: z.string() }).parse(Object(error).cause)
    return code ?? name
  }
}

describe('a fault', () => {
  test('takes hold of one token and leaves others alone', async () => {
    const other = github.token({ user: 'ada' })
    github.fault({ kind: 'status', status: 503, token })
    expect((await ask()).status).toBe(503)
    expect((await ask('/user', other)).status).toBe(200)
  })

  test.each(['GET /user/repos', '/user/repos', '/user/*', '/user/{what}', '/user/**'])(
    'takes hold of one route: %s',
    async (route) => {
      github.fault({ kind: 'status', status: 503, route })
      expect((await ask('/user/repos?page=2')).status).toBe(503)
      expect((await ask('/user')).status).toBe(200)
    },
  )

  test('lasts as often as it was told, after those that it was to let pass', async () => {
    const fault = github.fault({ kind: 'status', status: 500, skip: 1, times: 2 })
    const statuses: number[] = []
    for (let call = 0; call < 4; call++) statuses.push((await ask()).status)
    expect(statuses).toEqual([200, 500, 500, 200])
    expect(fault.hits).toBe(2)
  })

  test('is over when it is lifted, and named in the record of what it spoiled', async () => {
    const fault = github.fault({ kind: 'status', status: 500 })
    await ask()
    fault.lift()
    await ask()
    expect(github.requests.map(({ fault: kind, status }) => ({ kind, status }))).toEqual([
      { kind: 'status', status: 500 },
      { kind: null, status: 200 },
    ])
  })
})

describe('a connection', () => {
  test.each([
    ['reset', 'ECONNRESET'],
    ['cut', 'UND_ERR_SOCKET'],
    ['not-http', 'HTTPParserError'],
    ['huge-headers', 'UND_ERR_HEADERS_OVERFLOW'],
    ['bad-gzip', 'Z_DATA_ERROR'],
  ] as const)('breaks on %s', async (kind, code) => {
    github.fault({ kind })
    expect(await failure(ask())).toBe(code)
  })

  test('breaks after the deed when the answer is lost', async () => {
    github.rateLimit({ perHour: 100 })
    github.fault({ kind: 'lost-answer', times: 1 })
    expect(await failure(ask())).toBe('ECONNRESET')
    expect((await ask()).headers.get('x-ratelimit-used')).toBe('2')
  })

  test('hangs until the fault is lifted', async () => {
    const fault = github.fault({ kind: 'hang' })
    const asked = ask()
    await vi.waitFor(() => expect(fault.hits).toBe(1))
    expect(github.requests[0]?.status).toBeNull()
    fault.lift()
    expect((await asked).status).toBe(200)
  })

  test('hangs until the caller has enough', async () => {
    github.fault({ kind: 'hang' })
    await expect(ask('/user', token, AbortSignal.timeout(50))).rejects.toThrow('timeout')
  })
})

describe('an answer', () => {
  test.each([
    [{ kind: 'html' }, 502, /^<!DOCTYPE html>/],
    [{ kind: 'html', status: 200 }, 200, /^<!DOCTYPE html>/],
    [{ kind: 'empty' }, 200, /^$/],
    [{ kind: 'deep-json', depth: 5 }, 200, /^\[{5}\]{5}$/],
    [{ kind: 'rate-limit-primary', status: 429 }, 429, /API rate limit exceeded for user ID \d+/],
    [{ kind: 'rate-limit-secondary' }, 403, /exceeded a secondary rate limit/],
    [{ kind: 'status', status: 418, body: { message: 'teapot' } }, 418, /^\{"message":"teapot"\}$/],
  ] satisfies [FaultInput, number, RegExp][])('is made of %o', async (fault, status, text) => {
    github.fault(fault)
    const answer = await ask()
    expect(answer.status).toBe(status)
    expect(await answer.text()).toMatch(text)
  })

  test('is garbage, which is no JSON', async () => {
    github.fault({ kind: 'garbage' })
    await expect(ask().then((answer) => answer.json())).rejects.toThrow(SyntaxError)
  })

  test('leads away', async () => {
    github.fault({ kind: 'redirect', location: 'https://elsewhere.example/user' })
    const answer = await ask()
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://elsewhere.example/user'])
  })

  test('unpacks to far more than it weighs', async () => {
    github.fault({ kind: 'gzip-bomb', sizeBytes: 20_000_000 })
    expect((await (await ask()).arrayBuffer()).byteLength).toBe(20_000_000)
  })

  test('never ends', async () => {
    github.fault({ kind: 'endless' })
    let seen = 0
    for await (const chunk of (await ask()).body ?? []) {
      seen += chunk.length
      if (seen > 1_000_000) break
    }
    expect(seen).toBeGreaterThan(1_000_000)
  })

  test('comes a byte at a time, whole in the end', async () => {
    github.fault({ kind: 'drip', everyMilliseconds: 1, route: '/repos/ada/none' })
    const chunks: number[] = []
    for await (const chunk of (await ask('/repos/ada/none')).body ?? []) chunks.push(chunk.length)
    expect(chunks.length).toBeGreaterThan(10)
  })

  test('loses the header by which the provider is known', async () => {
    github.fault({ kind: 'no-request-id' })
    const answer = await ask()
    expect([answer.status, answer.headers.get('x-github-request-id')]).toEqual([200, null])
  })

  test('links to pages on a foreign host', async () => {
    github.fault({ kind: 'foreign-link', origin: 'https://elsewhere.example' })
    const { headers } = await ask('/user/repos?per_page=1')
    expect(headers.get('link')).toContain('<https://elsewhere.example/user/repos?per_page=1&page=2>; rel="next"')
  })

  test('carries other headers', async () => {
    github.fault({ kind: 'headers', set: { 'x-oauth-scopes': 'gist' }, remove: ['etag'] })
    const { headers } = await ask()
    expect([headers.get('x-oauth-scopes'), headers.get('etag')]).toEqual(['gist', null])
  })
})

describe('the record', () => {
  test('tells of each request what it asked, with which credential, and of which host', async () => {
    await ask('/user/repos?per_page=1')
    expect(github.requests).toMatchObject([
      {
        area: 'api',
        method: 'GET',
        path: '/user/repos',
        query: { per_page: '1' },
        host: new URL(github.apiUrl).host,
        credential: { scheme: 'bearer', username: null, secret: token },
        route: 'GET /user/repos',
        status: 200,
      },
    ])
  })

  test.each([
    [{ authorization: 'token abc' }, { scheme: 'token', username: null, secret: 'abc' }],
    [{ authorization: `Basic ${btoa('who:a:b')}` }, { scheme: 'basic', username: 'who', secret: 'a:b' }],
    [{ 'private-token': 'abc' }, { scheme: 'private-token', username: null, secret: 'abc' }],
    [{}, null],
  ])('knows the credential in %o', async (headers, credential) => {
    await fetch(`${github.apiUrl}/meta`, { headers })
    expect(github.requests[0]?.credential).toEqual(credential)
  })
})

describe('the control endpoint', () => {
  let gitlab: GitLabSimulator
  beforeEach(async () => {
    gitlab = await startGitLab({ path: '/gitlab' })
  })
  afterEach(() => gitlab[Symbol.asyncDispose]())

  const order = async (action: string, input: object) => {
    const url = new URL(`/__simulator/${action}`, gitlab.url)
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(input) })
    return { status: answer.status, body: z.json().parse(await answer.json()) }
  }

  test('does from another process what a test does', async () => {
    expect((await order('user', { username: 'ada' })).status).toBe(200)
    const made = z.string().parse((await order('token', { user: 'ada' })).body)
    const user = () => fetch(`${gitlab.apiUrl}/user`, { headers: { 'private-token': made } })
    expect((await user()).status).toBe(200)
    const { id } = z.object({ id: z.int() }).parse((await order('fault', { kind: 'html' })).body)
    expect((await user()).status).toBe(502)
    await order('lift-fault', { id })
    await order('revoke', { token: made })
    expect((await user()).status).toBe(401)
  })

  test('tells what it did not understand', async () => {
    expect(await order('fault', { kind: 'magic' })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('discriminator') },
    })
    expect((await order('no-such-action', {})).status).toBe(404)
    expect((await order('revoke', { token: 'unknown' })).body).toEqual({
      error: 'No such token at the simulated GitLab.',
    })
  })

  test('shows requests and faults, and records none of its own', async () => {
    await fetch(`${gitlab.apiUrl}/version`)
    await order('fault', { kind: 'html', times: 3 })
    const report = await fetch(new URL('/__simulator', gitlab.url))
    expect(await report.json()).toMatchObject({ requests: 1, faults: [{ kind: 'html', times: 3, hits: 0 }] })
    const requests = await fetch(new URL('/__simulator/requests', gitlab.url))
    expect(await requests.json()).toMatchObject([{ path: '/version', status: 401 }])
  })
})
