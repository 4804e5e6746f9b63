import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'

let github: GitHubSimulator

beforeEach(async () => {
  github = await startGitHub({ now: () => new Date('2026-03-01T12:00:00Z') })
  github.user({ login: 'ada', id: 7 })
  github.organization({ login: 'acme', id: 21, members: { ada: 'push' } })
  github.repository({ fullName: 'acme/secret' })
  github.repository({ fullName: 'acme/open', private: false })
  github.repository({ fullName: 'ada/own' })
})

afterEach(() => github[Symbol.asyncDispose]())

async function ask(path: string, token?: string, headers: Record<string, string> = {}) {
  const shown = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(github.apiUrl + path, { redirect: 'manual', headers: { ...shown, ...headers } })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) }
}

const namesOf = (body: { full_name: string }[]) => body.map((repository) => repository.full_name)

describe('a token of the simulated GitHub', () => {
  test.each([
    ['classic', /^ghp_[A-Za-z0-9]{36}$/],
    ['oauth', /^gho_[A-Za-z0-9]{36}$/],
    ['app-user', /^ghu_[A-Za-z0-9]{36}$/],
    ['fine-grained', /^github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}$/],
  ] as const)('looks like one of GitHub: %s', (kind, form) => {
    expect(github.token({ user: 'ada', kind })).toMatch(form)
  })

  test('ends in the checksum of what is before', () => {
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const token = github.token({ user: 'ada' })
    const sum = [...token.slice(-6)].reduce((value, digit) => value * 62 + digits.indexOf(digit), 0)
    expect(sum).toBe(crc32(token.slice(4, 34)))
  })

  test('tells its scopes, also where it is refused', async () => {
    const token = github.token({ user: 'ada', scopes: ['gist', 'repo'] })
    expect((await ask('/user', token)).headers.get('x-oauth-scopes')).toBe('gist, repo')
    expect((await ask('/repos/acme/none', token)).headers.get('x-oauth-scopes')).toBe('gist, repo')
  })

  test('tells that it has no scopes by an empty header, and a fine-grained one by none', async () => {
    const bare = github.token({ user: 'ada', scopes: [] })
    const fine = github.token({ user: 'ada', kind: 'fine-grained' })
    expect((await ask('/user', bare)).headers.get('x-oauth-scopes')).toBe('')
    expect((await ask('/user', fine)).headers.get('x-oauth-scopes')).toBeNull()
  })

  test.each([
    ['utc', '2026-09-03 02:34:04 UTC'],
    ['offset', '2026-09-03 04:34:04 +0200'],
  ] as const)('tells its end in the form %s', async (expiryForm, written) => {
    const token = github.token({ user: 'ada', expiresAt: '2026-09-03T02:34:04Z', expiryForm })
    expect((await ask('/user', token)).headers.get('github-authentication-token-expiration')).toBe(written)
  })

  test('is refused with the same words whether unknown, revoked or expired', async () => {
    const revoked = github.token({ user: 'ada' })
    const expiring = github.token({ user: 'ada', expiresAt: '2026-03-01T13:00:00Z' })
    expect((await ask('/user', expiring)).status).toBe(200)
    github.revoke({ token: revoked })
    github.clock.set('2026-03-01T13:00:00Z')
    const answers = await Promise.all([revoked, expiring, 'ghp_unknown'].map((token) => ask('/user', token)))
    for (const { status, body } of answers) {
      expect({ status, message: body.message, told: body.status }).toEqual({
        status: 401,
        message: 'Bad credentials',
        told: '401',
      })
    }
  })

  test('is not missed where none was sent', async () => {
    expect((await ask('/user')).body.message).toBe('Requires authentication')
  })

  test('is shut out with its suspended account', async () => {
    const token = github.token({ user: 'ada' })
    github.changeUser({ login: 'ada', suspended: true })
    expect(await ask('/user', token)).toMatchObject({
      status: 403,
      body: { message: 'Sorry. Your account was suspended.' },
    })
  })

  test('is shut out, live as it is, after too many wrong ones', async () => {
    const token = github.token({ user: 'ada' })
    github.lockout({ after: 3, minutes: 60 })
    for (let attempt = 0; attempt < 3; attempt++) expect((await ask('/user', 'ghp_wrong')).status).toBe(401)
    const locked = await ask('/user', token)
    expect(locked).toMatchObject({ status: 403, body: { message: expect.stringMatching(/^Maximum number of login/) } })
    github.clock.advance(61 * 60_000)
    expect((await ask('/user', token)).status).toBe(200)
  })

  test('without the repo scope lists public repositories only', async () => {
    const token = github.token({ user: 'ada', scopes: ['public_repo'] })
    expect(namesOf((await ask('/user/repos', token)).body)).toEqual(['acme/open'])
    expect((await ask('/repos/acme/secret', token)).status).toBe(404)
  })

  test('fine-grained, opens what was chosen for it', async () => {
    const token = github.token({
      user: 'ada',
      kind: 'fine-grained',
      resourceOwner: 'acme',
      repositories: ['acme/secret'],
    })
    expect(namesOf((await ask('/user/repos', token)).body)).toEqual(['acme/open', 'acme/secret'])
    github.changeToken({ token, approved: false })
    expect(namesOf((await ask('/user/repos', token)).body)).toEqual(['acme/open'])
  })
})

describe('an organization of the simulated GitHub', () => {
  test('with SSO lets only tokens in whose owner went through it, and lists tell whose parts are missing', async () => {
    github.changeOrganization({ login: 'acme', samlEnforced: true })
    const token = github.token({ user: 'ada' })
    const refused = await ask('/repos/acme/secret', token)
    expect(refused).toMatchObject({ status: 403, body: { message: expect.stringContaining('SAML enforcement') } })
    expect(refused.headers.get('x-github-sso')).toMatch(
      /^required; url=http.*\/orgs\/acme\/sso\?authorization_request=/,
    )
    const list = await ask('/user/repos', token)
    expect(namesOf(list.body)).toEqual(['ada/own'])
    expect(list.headers.get('x-github-sso')).toBe('partial-results; organizations=21')
    github.changeToken({ token, ssoAuthorized: ['acme'] })
    expect((await ask('/repos/acme/secret', token)).status).toBe(200)
  })

  test.each([
    [{ ipRefused: '203.0.113.5' }, 'classic', 'has an IP allow list enabled, and 203.0.113.5 is not permitted'],
    [{ classicTokensForbidden: true }, 'classic', 'forbids access via a personal access token (classic)'],
    [{ maxTokenDays: 7 }, 'classic', "(classic) if the token's lifetime is greater than 7 days"],
    [{ maxTokenDays: 366 }, 'fine-grained', "tokens if the token's lifetime is greater than 366 days"],
    [{ oauthAppsRestricted: true }, 'oauth', 'OAuth App access restrictions'],
  ] as const)('with %o refuses a %s token its public things too, and not GET /user', async (policy, kind, words) => {
    github.changeOrganization({ login: 'acme', ...policy })
    const token = github.token({ user: 'ada', kind, resourceOwner: 'acme' })
    const refused = await ask('/repos/acme/open', token)
    expect(refused).toMatchObject({ status: 403, body: { message: expect.stringContaining(words) } })
    expect((await ask('/user', token)).status).toBe(200)
    expect((await ask('/repos/acme/open')).status).toBe(200)
  })
})

describe('the allowance of an hour', () => {
  test.each([403, 429] as const)('ends in status %i, with what is left in the headers', async (status) => {
    const [one, other] = [github.token({ user: 'ada' }), github.token({ user: 'ada' })]
    github.rateLimit({ perHour: 2, status })
    expect((await ask('/user', one)).headers.get('x-ratelimit-remaining')).toBe('1')
    await ask('/user', other)
    const refused = await ask('/user', one)
    expect(refused).toMatchObject({ status, body: { message: 'API rate limit exceeded for user ID 7.' } })
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(Number(refused.headers.get('x-ratelimit-reset'))).toBe(Date.parse('2026-03-01T13:00:00Z') / 1000)
    expect((await ask('/rate_limit', one)).body.rate.remaining).toBe(0)
    github.clock.advance(3600_000)
    expect((await ask('/user', one)).status).toBe(200)
  })

  test('is not touched by an answer that the caller already holds', async () => {
    const token = github.token({ user: 'ada' })
    const etag = (await ask('/user/repos', token)).headers.get('etag') ?? ''
    const again = await ask('/user/repos', token, { 'if-none-match': etag })
    expect(again.status).toBe(304)
    expect(again.headers.get('x-ratelimit-used')).toBe('1')
    expect((await ask('/user/repos', github.token({ user: 'ada' }), { 'if-none-match': etag })).status).toBe(200)
  })

  test('does not exist on GitHub Enterprise Server, which lives below one origin and tells its version', async () => {
    await using enterprise = await startGitHub({ layout: 'enterprise' })
    expect(enterprise.apiUrl).toBe(`${enterprise.url}/api/v3`)
    const answer = await fetch(`${enterprise.apiUrl}/meta`)
    expect(answer.headers.get('x-github-enterprise-version')).toBeTruthy()
    expect(answer.headers.get('x-ratelimit-limit')).toBeNull()
    expect(await answer.json()).toHaveProperty('installed_version')
  })
})

describe('a list of the simulated GitHub', () => {
  test('is followed by its links to the end, in the order asked for', async () => {
    const days = [1, 2, 3, 4, 5]
    for (const day of days) github.repository({ fullName: `ada/r${day}`, pushedAt: `2025-01-0${day}T00:00:00Z` })
    const token = github.token({ user: 'ada' })
    const seen: string[] = []
    let next: string | undefined = '/user/repos?affiliation=owner&sort=pushed&per_page=2'
    while (next !== undefined) {
      const { body, headers } = await ask(next, token)
      seen.push(...namesOf(body))
      next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]?.slice(github.apiUrl.length)
    }
    expect(seen).toEqual(['ada/own', 'ada/r5', 'ada/r4', 'ada/r3', 'ada/r2', 'ada/r1'])
  })

  test('leads from a former name to the repository, until the name is taken anew', async () => {
    const token = github.token({ user: 'ada' })
    github.renameRepository({ from: 'acme/secret', to: 'acme/renamed' })
    const moved = await ask('/repos/acme/secret', token)
    expect(moved).toMatchObject({ status: 301, body: { message: 'Moved Permanently' } })
    const location = moved.headers.get('location') ?? ''
    expect(location).toMatch(/\/repositories\/\d+$/)
    expect((await ask(location.slice(github.apiUrl.length), token)).body.full_name).toBe('acme/renamed')
    const { id } = github.repository({ fullName: 'acme/secret' })
    expect((await ask('/repos/acme/secret', token)).body.id).toBe(id)
  })
})
