import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { pressConsent } from '../simulators/press-consent.ts'

const HOUR = 3_600_000
const answered = z.looseObject({
  access_token: z.string().default(''),
  refresh_token: z.string().default(''),
  scope: z.string().default(''),
  error: z.string().optional(),
})
type Client = { clientId: string; clientSecret: string }

let github: GitHubSimulator
let oauthApp: Client
let githubApp: Client

beforeEach(async () => {
  github = await startGitHub()
  github.user({ login: 'ada' })
  github.user({ login: 'grace' })
  github.repository({ fullName: 'ada/shop' })
  oauthApp = github.oauthApp({ callbackUrl: 'https://app.example.com/back' })
  githubApp = github.app({ owner: 'ada', callbackUrls: ['https://app.example.com/back'] })
})
afterEach(() => github[Symbol.asyncDispose]())

function granted({ clientId }: Client, scopes?: string[]) {
  const { accessToken, refreshToken } = github.grant({ clientId, user: 'ada', ...(scopes ? { scopes } : {}) })
  return { access: accessToken, refresh: refreshToken ?? '' }
}

async function ask({ clientId, clientSecret }: Client, fields: Record<string, string>) {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields })
  const headers = { accept: 'application/json' }
  const answer = await fetch(`${github.url}/login/oauth/access_token`, { method: 'POST', body, headers })
  return answered.parse(await answer.json())
}

const renew = (refresh: string) => ask(githubApp, { grant_type: 'refresh_token', refresh_token: refresh })

async function visit(
  { clientId }: Client,
  query: Record<string, string>,
  press: Parameters<typeof pressConsent>[1] = {},
) {
  const asked = new URLSearchParams({ client_id: clientId, ...query })
  return pressConsent(`${github.url}/login/oauth/authorize?${asked}`, press)
}

async function token(client: Client, scope?: string, press: Parameters<typeof pressConsent>[1] = {}) {
  const back = await visit(client, scope === undefined ? {} : { scope }, press)
  return ask(client, { code: back.searchParams.get('code') ?? '' })
}

async function user(shown: string) {
  const answer = await fetch(`${github.apiUrl}/user`, { headers: { authorization: `Bearer ${shown}` } })
  const { login, message } = z
    .looseObject({ login: z.string(), message: z.string() })
    .partial()
    .parse(await answer.json())
  return login ?? `${answer.status} ${message}`
}

async function api(method: string, path: string, { clientId, clientSecret }: Client, accessToken: string) {
  const headers = { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ access_token: accessToken })
  return (await fetch(`${github.apiUrl}/applications/${clientId}/${path}`, { method, headers, body })).status
}

/** @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens */
describe('a pair of tokens of a simulated GitHub App', () => {
  test('ends whole when it is renewed', async () => {
    const { access, refresh } = granted(githubApp)
    const next = await renew(refresh)
    expect([await user(next.access_token), await user(access)]).toEqual(['ada', '401 Bad credentials'])
    expect((await renew(refresh)).error).toBe('bad_refresh_token')
    expect((await renew(next.refresh_token)).error).toBeUndefined()
  })

  test('is renewed by one of two who try at once', async () => {
    const { refresh } = granted(githubApp)
    const errors = (await Promise.all([renew(refresh), renew(refresh)])).map(({ error }) => error ?? 'none')
    expect(errors.sort()).toEqual(['bad_refresh_token', 'none'])
  })

  test('is lost when the answer is lost on the way', async () => {
    const { access, refresh } = granted(githubApp)
    github.fault({ kind: 'lost-answer', token: refresh, times: 1 })
    await expect(renew(refresh)).rejects.toThrow()
    expect(await user(access)).toBe('401 Bad credentials')
    expect((await renew(refresh)).error).toBe('bad_refresh_token')
  })

  test('opens the API for eight hours, tells so, and is renewed after them', async () => {
    github.clock.set('2026-03-01T12:00:00Z')
    const { access, refresh } = granted(githubApp)
    const { headers } = await fetch(`${github.apiUrl}/user`, { headers: { authorization: `Bearer ${access}` } })
    expect(headers.get('github-authentication-token-expiration')).toBe('2026-03-01 20:00:00 UTC')
    github.clock.advance(8 * HOUR - 60_000)
    expect(await user(access)).toBe('ada')
    github.clock.advance(60_000)
    expect(await user(access)).toBe('401 Bad credentials')
    expect(await user((await renew(refresh)).access_token)).toBe('ada')
  })

  test.each(['access', 'refresh'] as const)('ends whole when its %s token is found and reported', async (which) => {
    const pair = granted(githubApp)
    const body = JSON.stringify({ credentials: [pair[which]] })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${github.apiUrl}/credentials/revoke`, { method: 'POST', body, headers })).status).toBe(202)
    expect([await user(pair.access), (await renew(pair.refresh)).error]).toEqual([
      '401 Bad credentials',
      'bad_refresh_token',
    ])
  })

  test('can come to either end from outside', async () => {
    const { access, refresh } = granted(githubApp)
    github.expire({ token: access })
    expect(await user(access)).toBe('401 Bad credentials')
    github.expire({ token: refresh })
    expect((await renew(refresh)).error).toBe('bad_refresh_token')
  })
})

/** @see https://docs.github.com/authentication/keeping-your-account-and-data-secure/token-expiration-and-revocation */
describe('a token of a simulated OAuth App', () => {
  test('has no end', async () => {
    const { access } = granted(oauthApp)
    github.clock.advance(300 * 24 * HOUR)
    expect(await user(access)).toBe('ada')
  })

  test('names its application', async () => {
    const { access } = granted(oauthApp)
    const { headers } = await fetch(`${github.apiUrl}/user`, { headers: { authorization: `Bearer ${access}` } })
    expect([headers.get('x-oauth-client-id'), headers.get('x-oauth-scopes')]).toEqual([
      oauthApp.clientId,
      'read:org, repo',
    ])
  })

  test('is the eleventh of its person, application and scopes, and ends the oldest', async () => {
    const tokens = Array.from({ length: 10 }, () => granted(oauthApp).access)
    const [first = '', second = ''] = tokens
    granted(oauthApp, ['repo'])
    expect(await user(first)).toBe('ada')
    granted(oauthApp)
    expect([await user(first), await user(second)]).toEqual(['401 Bad credentials', 'ada'])
  })

  test('clones what its person may read', async () => {
    const url = `${github.url}/ada/shop.git`.replace('//', `//x-access-token:${granted(oauthApp).access}@`)
    const { stdout } = await promisify(execFile)('git', ['ls-remote', url, 'HEAD'])
    expect(stdout).toContain('HEAD')
  })

  test('is ended alone, or with all that its person granted the application', async () => {
    const [one, other, third] = [granted(oauthApp), granted(oauthApp), granted(oauthApp)]
    const foreign = granted(githubApp)
    expect(await api('DELETE', 'token', oauthApp, one.access)).toBe(204)
    expect([await user(one.access), await user(other.access)]).toEqual(['401 Bad credentials', 'ada'])
    expect(await api('DELETE', 'grant', oauthApp, other.access)).toBe(204)
    expect([await user(third.access), await user(foreign.access)]).toEqual(['401 Bad credentials', 'ada'])
  })

  test('ends when its person takes back in the settings what they granted', async () => {
    const { access } = granted(oauthApp)
    github.withdraw({ clientId: oauthApp.clientId, user: 'ada' })
    expect(await user(access)).toBe('401 Bad credentials')
    expect(await api('POST', 'token', oauthApp, access)).toBe(404)
  })

  test('is refused as unknown while the replicas have not heard of it', async () => {
    github.replicaLag({ requests: 2 })
    const { access } = granted(oauthApp)
    const answers = [await user(access), await user(access), await user(access)]
    expect(answers).toEqual(['401 Bad credentials', '401 Bad credentials', 'ada'])
    github.replicaLag({ milliseconds: 5000 })
    const later = granted(oauthApp).access
    expect(await user(later)).toBe('401 Bad credentials')
    github.clock.advance(5000)
    expect(await user(later)).toBe('ada')
  })
})

/** @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
describe('what a person grants a simulated OAuth App', () => {
  test.each([
    ['public_repo repo read:org', 'read:org,repo'],
    ['admin:org read:org write:org', 'admin:org'],
    ['user:email user:email nonsense', 'user:email'],
    ['gist,repo', 'gist,repo'],
  ])('is %s, told as %s', async (asked, told) => {
    expect((await token(oauthApp, asked)).scope).toBe(told)
  })

  test('is what they granted before, all of it and without a page, where nothing is asked for', async () => {
    expect((await token(oauthApp)).scope).toBe('')
    github.withdraw({ clientId: oauthApp.clientId, user: 'ada' })
    await token(oauthApp, 'user')
    await token(oauthApp, 'repo')
    const asked = `${github.url}/login/oauth/authorize?client_id=${oauthApp.clientId}`
    expect((await fetch(asked, { redirect: 'manual' })).status).toBe(302)
    expect((await fetch(`${asked}&prompt=select_account`, { redirect: 'manual' })).status).toBe(200)
    expect((await token(oauthApp)).scope).toBe('repo,user')
  })

  test('may be less than was asked', async () => {
    github.consent({ scopes: ['read:org'] })
    expect((await token(oauthApp, 'repo read:org')).scope).toBe('read:org')
  })

  test('comes from whoever is signed in at the page, switched there or from outside', async () => {
    expect(await user((await token(oauthApp, 'repo')).access_token)).toBe('ada')
    expect(await user((await token(oauthApp, 'repo', { user: 'grace' })).access_token)).toBe('grace')
    github.consent({ user: 'grace' })
    expect(await user((await token(oauthApp, 'repo')).access_token)).toBe('grace')
  })

  test('is nothing where the person is not even asked', async () => {
    github.consent({ answer: 'cancel' })
    expect((await visit(oauthApp, { scope: 'repo' })).searchParams.get('error')).toBe('access_denied')
  })
})

describe('a request for tokens', () => {
  test('is recorded with its fields and the host it went to, and can be made to fail', async () => {
    const { refresh } = granted(githubApp)
    github.fault({ kind: 'status', status: 502, route: 'POST /login/oauth/access_token', times: 1, body: {} })
    await renew(refresh)
    expect((await renew(refresh)).error).toBeUndefined()
    expect(github.requests).toMatchObject(
      [502, 200].map((status) => ({
        ...{ status, area: 'web', host: new URL(github.url).host },
        body: { refresh_token: refresh, client_secret: githubApp.clientSecret },
      })),
    )
  })
})
