import { describe, expect, test } from 'vitest'
import type { Answer } from '../conversation.ts'
import { firstCheck, type Prior } from '../provider.ts'
import { type AppAnswers, judgeApp, judgeMint } from './judge-app.ts'
import type { AppGround } from './judge-proof.ts'

const now = new Date('2026-03-10T12:00:00Z')
const worked: Prior = { ...firstCheck, worked: true, status: 'active' }
const MARK = { 'x-github-request-id': 'A1' }
const permissions = { contents: 'read', metadata: 'read' }
const ground: AppGround = {
  ...{ prior: firstCheck, now, appId: '123456', baseUrl: 'https://github.com' },
  ...{ fingerprint: 'SHA256:ours=', aheadSeconds: 0 },
}

const http = (status: number, json: unknown, headers: Record<string, string> = MARK): Answer => ({
  ...{ is: 'http', status, json, text: '' },
  headers: new Headers(headers),
})
const says = (status: number, message: string, headers = MARK) => http(status, { message }, headers)

const page = 'https://github.com/apps/acme-deploys'
const app = http(200, { id: 123456, slug: 'acme-deploys', name: 'Acme deploys', html_url: page, permissions })
const installationOf = (more: object = {}) =>
  http(200, {
    ...{ id: 42, app_id: 123456, account: { id: 7, login: 'acme', type: 'Organization' } },
    ...{ permissions, repository_selection: 'all', suspended_at: null, suspended_by: null },
    html_url: 'https://github.com/organizations/acme/settings/installations/42',
    ...more,
  })
const mint = http(201, { token: `ghs_${'a'.repeat(36)}`, expires_at: '2026-03-10T13:00:00Z', permissions })
const repositories = http(200, { total_count: 0, repositories: [] })
const good: AppAnswers = { app, installation: installationOf(), mint, repositories }

function judge(answers: Partial<AppAnswers>, more: Partial<AppGround> = {}) {
  return judgeApp({ ...good, ...answers }, { ...ground, ...more })
}
function outcome(answers: Partial<AppAnswers>, more: Partial<AppGround> = {}) {
  const finding = judge(answers, more)
  return finding.is === 'answered' ? finding.outcome : finding.is
}

const decoded = says(401, 'A JSON web token could not be decoded')
const noKey = says(401, 'Integration must generate a public key')
const requested = 'The permissions requested are not granted to this installation.'
const level = 'The level of access for permissions requested by this installation are not granted'
const ipList = 'the `acme` organization has an IP allow list enabled, and 203.0.113.5 is not permitted'

/** Each with what it means at the first check, and for a connection that had worked. */
const rows: [string, Partial<AppAnswers>, string, string][] = [
  ['200, needed permissions', {}, 'active', 'active'],
  ['JWT could not be decoded', { app: decoded }, 'invalid', 'refusedOnce'],
  [
    'exp text, too far',
    { app: says(401, "'Expiration time' claim ('exp') is too far in the future") },
    'error',
    'error',
  ],
  [
    'exp text, past',
    { app: says(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time") },
    'error',
    'error',
  ],
  [
    'iat text',
    { app: says(401, "'Issued at' claim ('iat') must be an Integer representing the time") },
    'error',
    'error',
  ],
  ['iss must be an Integer', { app: says(401, "'Issuer' claim ('iss') must be an Integer") }, 'invalid', 'refusedOnce'],
  ['must generate a public key', { app: noKey }, 'unanswered', 'refusedOnce'],
  ['Integration not found', { app: says(404, 'Integration not found') }, 'invalid', 'revoked'],
  ['installation 404, GET /app 200', { installation: says(404, 'Not Found') }, 'invalid', 'revoked'],
  ['installation 404 at the token', { mint: says(404, 'Not Found') }, 'invalid', 'revoked'],
  ['suspended, 403', { mint: says(403, 'This installation has been suspended') }, 'error', 'revoked'],
  ['suspended, at the list', { repositories: says(403, 'This installation has been suspended') }, 'error', 'revoked'],
  ['suspended_at', { installation: installationOf({ suspended_at: '2026-03-01T00:00:00Z' }) }, 'error', 'revoked'],
  ['ghs_ 401 after it was made anew', { repositories: says(401, 'Bad credentials') }, 'unanswered', 'unanswered'],
  ['422 permissions', { mint: says(422, requested) }, 'error', 'error'],
  ['422 level of access', { mint: says(422, level) }, 'error', 'error'],
  ['permissions lacking', { installation: installationOf({ permissions: { metadata: 'read' } }) }, 'error', 'error'],
  ['IP list on a JWT call', { app: says(403, ipList) }, 'error', 'error'],
  ['IP list on the token', { repositories: says(403, ipList) }, 'error', 'error'],
  [
    'not accessible by integration',
    { repositories: says(403, 'Resource not accessible by integration') },
    'invalid',
    'error',
  ],
  ['401 Requires authentication', { app: says(401, 'Requires authentication') }, 'error', 'unanswered'],
  ['account suspended 403', { app: says(403, 'Sorry. Your account was suspended.') }, 'error', 'revoked'],
  [
    'login attempts 403',
    { app: says(403, 'Maximum number of login attempts exceeded. Please try again later.') },
    'unanswered',
    'unanswered',
  ],
  [
    'rate limit 403',
    { mint: says(403, 'API rate limit exceeded for installation ID 42.') },
    'unanswered',
    'unanswered',
  ],
  [
    'rate limit 429',
    { installation: says(429, 'You have exceeded a secondary rate limit') },
    'unanswered',
    'unanswered',
  ],
  ['5xx', { app: says(503, 'Unavailable') }, 'unanswered', 'unanswered'],
  ['5xx at the token', { mint: says(502, 'Server Error') }, 'unanswered', 'unanswered'],
  ['5xx at the list alone', { repositories: says(502, 'Server Error') }, 'active', 'active'],
  [
    'time-out',
    { app: { is: 'none', sentence: 'api.github.com did not answer in time.', sent: true } },
    'unanswered',
    'unanswered',
  ],
  ['HTML', { app: http(200, undefined) }, 'unanswered', 'unanswered'],
  ['HTML for the token', { mint: http(201, undefined) }, 'unanswered', 'unanswered'],
  ['redirect off host', { installation: http(302, undefined) }, 'unanswered', 'unanswered'],
  [
    'JWT could not be decoded, without the mark',
    { app: http(401, { message: 'could not be decoded' }, {}) },
    'invalid',
    'unanswered',
  ],
  ['404 without the mark', { installation: http(404, { message: 'Not Found' }, {}) }, 'unanswered', 'unanswered'],
]

describe("GitHub's answer about an App", () => {
  test.each(rows)('%s is judged', (_row, answers, first, later) => {
    expect([outcome(answers), outcome(answers, { prior: worked })]).toEqual([first, later])
  })

  test.each([
    ['JWT could not be decoded', decoded, 5000],
    ['must generate a public key', noKey, 60_000],
  ])('%s is believed of a connection that had worked when it comes again', (_, answer, confirmAfterMs) => {
    expect(judge({ app: answer }, { prior: worked })).toMatchObject({ is: 'refusedOnce', confirmAfterMs })
    expect(outcome({ app: answer }, { prior: { ...worked, status: 'revoked' } })).toBe('revoked')
  })

  test('JWT could not be decoded names the fingerprint to compare, and the App ID', () => {
    expect(judge({ app: decoded }).message).toMatch(/App 123456\b.*SHA256:ours=/)
  })

  test('JWT could not be decoded is laid to the clock first', () => {
    const finding = judge({ app: decoded }, { prior: worked, aheadSeconds: -700 })
    expect(finding).toMatchObject({ outcome: 'error', message: expect.stringContaining('700 seconds behind') })
  })

  test('exp text says by how many seconds the clock differs', () => {
    const exp = says(401, "'Expiration time' claim ('exp') is too far in the future")
    expect(judge({ app: exp }, { aheadSeconds: 95 }).message).toContain('95 seconds ahead of')
    expect(judge({ app: exp }, { aheadSeconds: null })).toMatchObject({ outcome: 'error' })
  })

  test('must generate a public key is Invalid once it has been so for a minute', () => {
    const since = (seconds: number) => ({
      prior: { ...firstCheck, unansweredSince: new Date(now.getTime() - seconds * 1000) },
    })
    expect(judge({ app: noKey }, since(59))).toMatchObject({ is: 'unanswered', retryAfterMs: 20_000 })
    expect(outcome({ app: noKey }, since(60))).toBe('invalid')
  })

  test('installation 404 links to where the App is installed, at that host alone', () => {
    expect(judge({ installation: says(404, 'Not Found') }).message).toContain(`${page}/installations/new`)
    const elsewhere = http(200, { id: 1, name: 'x', html_url: 'https://evil.test/apps/x', permissions })
    expect(judge({ app: elsewhere, installation: says(404, 'Not Found') }).message).not.toContain('evil')
  })

  test('suspended names who did it', () => {
    const installation = installationOf({ suspended_at: '2026-03-01T00:00:00Z', suspended_by: { login: 'ada' } })
    expect(judge({ installation }).message).toContain('suspended by ada')
  })

  test('lacking permissions are the owner to accept, or the App to ask for', () => {
    const installation = installationOf({ permissions: { metadata: 'read' } })
    expect(judge({ installation }).message).toMatch(/contents: read.*owner do so at .*\/installations\/42/)
    const modest = http(200, { id: 1, name: 'x', permissions: { metadata: 'read' } })
    expect(judge({ app: modest, installation }).message).toMatch(/Add it in the App's settings/)
  })

  test('write and admin count as read', () => {
    const installation = installationOf({ permissions: { metadata: 'read', contents: 'write' } })
    expect(outcome({ installation })).toBe('active')
  })

  test('422 about a repository tells of that repository', () => {
    const words =
      'There is at least one repository that does not exist or is not accessible to the parent installation.'
    expect(judgeMint(says(422, words), ground)).toMatchObject({ is: 'answered', reason: 'repositoryNotSelected' })
  })
})
