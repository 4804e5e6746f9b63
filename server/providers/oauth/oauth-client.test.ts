import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { call } from '@git-connections/events'
import { afterEach, describe, expect, test } from 'vitest'
import { createGuardedFetch } from '../transport/guarded-fetch.ts'
import { parseTrustedHosts } from '../transport/trusted-hosts.ts'
import type { OAuthApplication } from './application.ts'
import { createOAuthClient } from './oauth-client.ts'

const SECRET = 'client+secret/with=all&sorts'
const CODE = 'code-4711 +&='
const VERIFIER = 'verifier-of-the-canonical-length-0123456789-abc'
const REFRESH = 'ghr_refresh+token/4711'
const ACCESS = 'gho_access+token/4711'
const NEW = 'gho_new+token/4712'
const BACK = 'https://here.example/oauth/callback/github'
const held = { accessToken: ACCESS, refreshToken: REFRESH }

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly form: Record<string, string>
}

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A stand-in for a provider, which answers anything with `answer`. */
async function standIn(answer: (asked: Asked, response: ServerResponse) => void) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const form = Object.fromEntries(new URLSearchParams(body))
    const { method = '', url = '', headers } = request
    const one = { method, path: url, headers, body, form }
    asked.push(one)
    answer(one, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the stand-in has no port')
  return { url: `http://127.0.0.1:${address.port}`, asked }
}

const json =
  (value: unknown, status = 200) =>
  (_: Asked, response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))

function application(provider: OAuthApplication['provider'], baseUrl: string): OAuthApplication {
  return { provider, baseUrl, clientId: 'Iv23client', clientSecret: SECRET }
}

function client(options: { trusted?: string; fetch?: (url: string, init?: RequestInit) => Promise<Response> } = {}) {
  const trusted = parseTrustedHosts(options.trusted ?? '127.0.0.1')
  return createOAuthClient({
    fetch: options.fetch ?? createGuardedFetch({ trustedHosts: trusted, userAgent: 'test' }),
    clock: () => new Date('2026-01-01T00:00:00Z'),
    trusted: trusted.includes,
    github: { url: 'https://github.com', apiUrl: 'https://api.github.com' },
  })
}

describe('the address at which a person allows access', () => {
  const asks = { redirectUri: BACK, state: 'state-1', verifier: VERIFIER, scopes: ['repo', 'read:org'] }
  const challenge = createHash('sha256').update(VERIFIER).digest('base64url')

  test('carries a PKCE challenge by S256, and neither verifier nor client secret', async () => {
    const url = new URL(await client().authorizationUrl(application('github', 'https://github.com'), asks))
    expect(url.origin + url.pathname).toBe('https://github.com/login/oauth/authorize')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'Iv23client',
      response_type: 'code',
      redirect_uri: BACK,
      state: 'state-1',
      scope: 'repo read:org',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })
  })

  test('is below the path of a GitLab that is below one', async () => {
    const url = new URL(await client().authorizationUrl(application('gitlab', 'https://git.example/gitlab'), asks))
    expect(url.origin + url.pathname).toBe('https://git.example/gitlab/oauth/authorize')
  })

  test('asks GitHub alone to let the person choose an account, and only when told', async () => {
    const choose = { ...asks, selectAccount: true }
    const github = await client().authorizationUrl(application('github', 'https://github.com'), choose)
    expect(new URL(github).searchParams.get('prompt')).toBe('select_account')
    const gitlab = await client().authorizationUrl(application('gitlab', 'https://gitlab.com'), choose)
    expect(gitlab).not.toContain('prompt')
  })

  test('names no scopes where none are asked', async () => {
    const url = await client().authorizationUrl(application('github', 'https://github.com'), { ...asks, scopes: [] })
    expect(new URL(url).searchParams.has('scope')).toBe(false)
  })

  test('may be plain http only where the operator trusts the host', async () => {
    const app = application('gitlab', 'http://127.0.0.1:8080/gitlab')
    expect(await client().authorizationUrl(app, asks)).toMatch(
      /^http:\/\/127\.0\.0\.1:8080\/gitlab\/oauth\/authorize\?/,
    )
    await expect(client({ trusted: '' }).authorizationUrl(app, asks)).rejects.toMatchObject({
      code: 'InputInvalid',
      field: 'baseUrl',
    })
  })
})

describe('taking tokens', () => {
  test('for a code sends it with verifier and client secret in the body, and asks for JSON', async () => {
    const github = await standIn(json({ access_token: NEW, scope: 'repo', token_type: 'bearer' }))
    const returned = { code: CODE, redirectUri: BACK, verifier: VERIFIER }
    const outcome = await client().exchange(application('github', github.url), returned)
    expect(outcome).toMatchObject({ is: 'granted', tokens: { accessToken: NEW, scopes: ['repo'], expiresAt: null } })
    const [asked] = github.asked
    expect(asked).toMatchObject({ method: 'POST', path: '/login/oauth/access_token' })
    expect(asked?.headers).toMatchObject({ accept: 'application/json' })
    expect(asked?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
    expect(asked?.form).toEqual({
      grant_type: 'authorization_code',
      code: CODE,
      redirect_uri: BACK,
      code_verifier: VERIFIER,
      client_id: 'Iv23client',
      client_secret: SECRET,
    })
  })

  test('for a refresh token goes below the path of a GitLab that is below one', async () => {
    const gitlab = await standIn(json({ access_token: NEW, expires_in: 7200, refresh_token: 'next' }))
    const outcome = await client().refresh(application('gitlab', `${gitlab.url}/gitlab`), REFRESH)
    expect(outcome).toMatchObject({ is: 'granted', tokens: { expiresAt: new Date('2026-01-01T02:00:00Z') } })
    expect(gitlab.asked[0]).toMatchObject({
      path: '/gitlab/oauth/token',
      form: { grant_type: 'refresh_token', refresh_token: REFRESH, client_id: 'Iv23client', client_secret: SECRET },
    })
  })

  test('understands an answer in the encoding of a form, however long', async () => {
    const long = `ghs_${'a'.repeat(2_000)}`
    const github = await standIn((_, response) => {
      response.setHeader('content-type', 'application/x-www-form-urlencoded; charset=utf-8')
      response.end(`access_token=${long}&expires_in=3600&scope=repo%2Cgist&token_type=bearer`)
    })
    expect(await client().refresh(application('github', github.url), REFRESH)).toMatchObject({
      is: 'granted',
      tokens: { accessToken: long, scopes: ['repo', 'gist'], expiresAt: new Date('2026-01-01T01:00:00Z') },
    })
  })

  test('sends nothing over plain http to a host that nobody trusts', async () => {
    const github = await standIn(json({ access_token: NEW }))
    const outcome = await client({ trusted: '' }).refresh(application('github', github.url), REFRESH)
    expect(outcome).toMatchObject({ is: 'notDone', call: { method: 'POST', status: null } })
    expect(outcome.is === 'notDone' && outcome.message).toMatch(/TRUSTED_HOSTS/)
    expect(github.asked).toEqual([])
  })

  test('is trusted nowhere over plain http without being told', async () => {
    const github = await standIn(json({ access_token: NEW }))
    const { fetch } = globalThis
    const urls = { url: 'https://github.com', apiUrl: 'https://api.github.com' }
    const oauth = createOAuthClient({ fetch, clock: () => new Date(), github: urls })
    expect((await oauth.refresh(application('github', github.url), REFRESH)).is).toBe('notDone')
    expect(github.asked).toEqual([])
  })

  test('is not done when nobody listens', async () => {
    const gone = await standIn(json({}))
    for (const close of closers.splice(0)) close()
    const outcome = await client().refresh(application('github', gone.url), REFRESH)
    expect(outcome).toMatchObject({
      is: 'notDone',
      call: { answer: expect.stringContaining('refused the connection') },
    })
  })

  test.each<[string, (asked: Asked, response: ServerResponse) => void]>([
    ['the connection breaks after the question', (_, response) => response.socket?.resetAndDestroy()],
    ['the answer is cut', (_, r) => r.writeHead(200, { 'content-length': 99 }).write('{', () => r.socket?.destroy())],
    ['the answer is too large', (_, response) => response.end(`{"access_token":"${'a'.repeat(70_000)}"}`)],
    ['a page answers', (_, response) => response.setHeader('content-type', 'text/html').end('<p>access_token')],
    ['the server fails', json({ error: 'invalid_grant' }, 502)],
    ['the answer names no token', json({ token_type: 'bearer', refresh_token: NEW })],
  ])('is unknown when %s', async (_, answer) => {
    const gitlab = await standIn(answer)
    const outcome = await client().refresh(application('gitlab', gitlab.url), REFRESH)
    expect(outcome.is).toBe('unknown')
    expect(gitlab.asked).toHaveLength(1)
  })

  test('follows no redirect with what it sends', async () => {
    const elsewhere = await standIn(json({ access_token: NEW }))
    for (const status of [301, 302, 303, 307, 308]) {
      const github = await standIn((_, r) => void r.writeHead(status, { location: elsewhere.url }).end())
      expect((await client().refresh(application('github', github.url), REFRESH)).is).toBe('unknown')
    }
    expect(elsewhere.asked).toEqual([])
  })
})

describe('ending tokens', () => {
  test.each([
    ['https://github.com', 'https://api.github.com'],
    ['https://acme.ghe.com', 'https://api.acme.ghe.com'],
    ['https://github.example.com', 'https://github.example.com/api/v3'],
  ])('of %s asks at its API', async (baseUrl, apiUrl) => {
    const calls: [string, RequestInit | undefined][] = []
    const fetch = async (url: string, init?: RequestInit) => {
      calls.push([url, init])
      return new Response(null, { status: 204 })
    }
    expect((await client({ fetch }).revoke(application('github', baseUrl), held)).is).toBe('revoked')
    expect(calls.map(([url, init]) => [init?.method, url])).toEqual([
      ['DELETE', `${apiUrl}/applications/Iv23client/token`],
    ])
    const basic = `Basic ${Buffer.from(`Iv23client:${SECRET}`).toString('base64')}`
    expect(new Headers(calls[0]?.[1]?.headers).get('authorization')).toBe(basic)
    expect(calls[0]?.[1]?.body).toBe(JSON.stringify({ access_token: ACCESS }))
  })

  test('at GitLab ends both, the one that renews first', async () => {
    const gitlab = await standIn(json({}))
    expect((await client().revoke(application('gitlab', `${gitlab.url}/gitlab`), held)).is).toBe('revoked')
    expect(gitlab.asked.map(({ path, form }) => [path, form.token_type_hint, form.token])).toEqual([
      ['/gitlab/oauth/revoke', 'refresh_token', REFRESH],
      ['/gitlab/oauth/revoke', 'access_token', ACCESS],
    ])
    expect(gitlab.asked[0]?.form).toMatchObject({ client_id: 'Iv23client', client_secret: SECRET })
  })

  test.each(['github', 'gitlab'] as const)('at %s is not claimed for any other answer', async (provider) => {
    for (const status of [200, 202, 401, 403, 404, 422, 429, 500, 503]) {
      const answers = await standIn((_, response) => void response.writeHead(status).end('<p>no'))
      const urls = { url: answers.url, apiUrl: answers.url }
      const fetch = createGuardedFetch({ trustedHosts: parseTrustedHosts('127.0.0.1'), userAgent: 'test' })
      const oauth = createOAuthClient({ fetch, clock: () => new Date(), trusted: () => true, github: urls })
      const outcome = await oauth.revoke(application(provider, answers.url), held)
      expect(outcome).toMatchObject({ is: 'notRevoked', call: { status } })
      expect(outcome.message).toMatch(/It can be ended at Git(Hub|Lab) under/)
    }
  })
})

describe('what is secret', () => {
  const secrets = [SECRET, CODE, VERIFIER, REFRESH, ACCESS, NEW, Buffer.from(`Iv23client:${SECRET}`).toString('base64')]

  /** Says back all that it got, as it came and decoded, in body and header; beside a new token that one too. */
  const echo = (status: number, body: (said: string) => unknown) => (asked: Asked, response: ServerResponse) => {
    const proof = asked.headers.authorization ?? ''
    const said = body(`${Object.values(asked.form).join(' ')} ${asked.body} ${proof}`)
    const fresh = typeof said === 'object' && said !== null && 'access_token' in said
    const id = fresh ? NEW : (Object.values(asked.form).find((value) => /\d{4}/.test(value)) ?? proof)
    response.writeHead(status, { 'x-request-id': id, 'x-github-request-id': id, 'content-type': 'application/json' })
    response.end(JSON.stringify(said))
  }

  test.each(['github', 'gitlab'] as const)(
    'at %s is in no message and no call, even if said back',
    async (provider) => {
      for (const status of [200, 400, 401, 403, 404, 422, 429, 500]) {
        for (const body of [
          (said: string) => ({ error: said, error_description: said, message: said }),
          (said: string) => ({ error: 'odd', error_description: `${'x'.repeat(150)} ${said}` }),
          (said: string) => ({ error: NEW, error_description: `${said} ${NEW}`, access_token: NEW }),
          (said: string) => said,
        ]) {
          const provided = await standIn(echo(status, body))
          const urls = { url: provided.url, apiUrl: provided.url }
          const fetch = createGuardedFetch({ trustedHosts: parseTrustedHosts('127.0.0.1'), userAgent: 'test' })
          const oauth = createOAuthClient({ fetch, clock: () => new Date(), trusted: () => true, github: urls })
          const app = application(provider, provided.url)
          const outcomes = [
            await oauth.exchange(app, { code: CODE, redirectUri: BACK, verifier: VERIFIER }),
            await oauth.refresh(app, REFRESH),
            await oauth.revoke(app, held),
          ]
          for (const outcome of outcomes) {
            expect(outcome.is).not.toBe('granted')
            call.parse(outcome.call)
            const shown = JSON.stringify(outcome)
            for (const secret of secrets) {
              // In JSON text, so that what was escaped is found too.
              expect(shown).not.toContain(JSON.stringify(secret).slice(1, -1))
              expect(shown).not.toContain(encodeURIComponent(secret))
            }
          }
        }
      }
    },
  )
})
