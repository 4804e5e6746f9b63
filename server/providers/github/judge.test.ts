import { describe, expect, test } from 'vitest'
import type { Answer } from '../conversation.ts'
import { firstCheck, type Prior } from '../provider.ts'
import { judgeGitHub } from './judge.ts'

const now = new Date('2026-03-10T12:00:00Z')
const worked: Prior = { ...firstCheck, worked: true, status: 'active' }
const MARK = { 'x-github-request-id': 'A1' }

const http = (status: number, json: unknown, headers: Record<string, string> = MARK): Answer => ({
  ...{ is: 'http', status, json, text: '' },
  headers: new Headers(headers),
})
const says = (status: number, message: string, headers = MARK) => http(status, { message }, headers)
const me = http(200, { id: 1, login: 'ada' })

function judge(user: Answer, prior: Prior, more: { repositories?: Answer; missingScopes?: string[] } = {}) {
  const finding = judgeGitHub({ user, repositories: null, missingScopes: [], ...more }, prior, now)
  return finding.is === 'answered' ? finding.outcome : finding.is
}

const rows: [string, Answer, string, string, Parameters<typeof judge>[2]?][] = [
  ['200, needed scopes', me, 'active', 'active'],
  ['200 without the mark', http(200, { id: 1, login: 'ada' }, {}), 'active', 'active'],
  ['scope lacking', me, 'invalid', 'error', { missingScopes: ['repo'] }],
  ['401 Bad credentials', says(401, 'Bad credentials'), 'invalid', 'refusedOnce'],
  ['401 Requires authentication', says(401, 'Requires authentication'), 'error', 'unanswered'],
  ['account suspended 403', says(403, 'Sorry. Your account was suspended.'), 'error', 'revoked'],
  [
    'account suspended 403 without the mark',
    http(403, { message: 'Sorry. Your account was suspended.' }, {}),
    'unanswered',
    'unanswered',
  ],
  ['IP list', says(403, 'the `acme` organization has an IP allow list enabled'), 'error', 'error'],
  [
    'not accessible by, on the list',
    me,
    'invalid',
    'error',
    { repositories: says(403, 'Resource not accessible by personal access token') },
  ],
  [
    'SSO on the whole list',
    me,
    'error',
    'error',
    { repositories: says(403, 'Resource protected by organization SAML enforcement.') },
  ],
  [
    'login attempts 403',
    says(403, 'Maximum number of login attempts exceeded. Please try again later.'),
    'unanswered',
    'unanswered',
  ],
  ['rate limit 403', says(403, 'API rate limit exceeded for user ID 1.'), 'unanswered', 'unanswered'],
  ['rate limit 429', says(429, 'You have exceeded a secondary rate limit'), 'unanswered', 'unanswered'],
  ['5xx', says(503, 'Unavailable'), 'unanswered', 'unanswered'],
  ['time-out', { is: 'none', sentence: 'github.com did not answer in time.' }, 'unanswered', 'unanswered'],
  ['HTML', http(200, undefined), 'unanswered', 'unanswered'],
  ['redirect off host', http(302, undefined), 'unanswered', 'unanswered'],
]

describe("GitHub's answer", () => {
  test.each(rows)('%s is judged', (_row, user, first, later, more) => {
    expect([judge(user, firstCheck, more), judge(user, worked, more)]).toEqual([first, later])
  })

  test('401 Bad credentials after the stored end, or five minutes before, is Expired', () => {
    const expiresAt = new Date('2026-03-10T12:04:00Z')
    expect(judge(says(401, 'Bad credentials'), { ...worked, expiresAt })).toBe('expired')
  })

  test('401 Bad credentials is believed without the mark', () => {
    expect(judge(http(401, { message: 'Bad credentials' }, {}), firstCheck)).toBe('invalid')
  })

  test.each([
    ['retry-after', { 'retry-after': '7' }, 7000],
    ['a long retry-after', { 'retry-after': '999999' }, 3_600_000],
    ['the reset', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now.getTime() / 1000 + 90) }, 90_000],
    ['nothing', {}, 60_000],
  ])('429 with %s names when to ask again', (_, headers, ms) => {
    const user = http(429, { message: 'rate limit' }, { ...headers })
    expect(judgeGitHub({ user, repositories: null, missingScopes: [] }, worked, now)).toMatchObject({
      retryAfterMs: ms,
    })
  })
})
