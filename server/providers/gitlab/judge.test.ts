import { describe, expect, test } from 'vitest'
import type { Answer } from '../conversation.ts'
import { firstCheck, type Prior } from '../provider.ts'
import { type GitLabAnswers, judgeGitLab } from './judge.ts'

const now = new Date('2026-03-10T00:00:00Z')
const worked: Prior = { ...firstCheck, worked: true, status: 'active' }

const http = (status: number, json: unknown): Answer => ({ is: 'http', status, json, text: '', headers: new Headers() })
const own = http(200, { id: 1, scopes: ['api'] })
const me = http(200, { id: 1, username: 'ada' })
const invalidToken = (why: string) => http(401, { error: 'invalid_token', error_description: why })
const expired = invalidToken('Token is expired. You can either do re-authorization or token refresh.')
const revoked = invalidToken('Token was revoked. You have to re-authorize from the user.')
const plain = http(401, { message: '401 Unauthorized' })
const forbidden = (text: string) => http(403, { message: `403 Forbidden - ${text}` })

function judge(answers: Partial<GitLabAnswers>, prior: Prior) {
  const finding = judgeGitLab({ self: own, user: me, projects: null, missingScopes: [], ...answers }, prior, now)
  return finding.is === 'answered' ? finding.outcome : finding.is
}

const rows: [string, Partial<GitLabAnswers>, string, string][] = [
  ['1 all well', {}, 'active', 'active'],
  ['2 scope missing', { missingScopes: ['read_api'] }, 'invalid', 'invalid'],
  ['2 insufficient scope', { user: http(403, { error: 'insufficient_scope' }) }, 'invalid', 'invalid'],
  [
    '2 insufficient granular scope',
    { projects: http(403, { error: 'insufficient_granular_scope' }) },
    'invalid',
    'invalid',
  ],
  [
    '3 OAuth token',
    {
      self: http(400, { message: '400 Bad request - This endpoint requires token type to be a personal access token' }),
    },
    'invalid',
    'invalid',
  ],
  ['5 expired text', { self: expired }, 'expired', 'expired'],
  ['7 revoked text', { self: revoked }, 'revoked', 'revoked'],
  ['9 and 11 plain 401', { self: plain }, 'invalid', 'refusedOnce'],
  ['16 blocked', { self: forbidden('Your account has been blocked.') }, 'revoked', 'revoked'],
  [
    '17 pending approval',
    { self: forbidden('Your account is pending approval from your administrator and hence blocked.') },
    'error',
    'error',
  ],
  [
    '18 dpop',
    { self: http(401, { error: 'dpop_error', error_description: 'DPoP validation error' }) },
    'error',
    'error',
  ],
  [
    '18 impersonation',
    { self: invalidToken('Token is an impersonation token but impersonation was disabled.') },
    'error',
    'error',
  ],
  ['19 SSO text', { projects: http(400, { message: 'Cannot find valid SSO session.' }) }, 'error', 'error'],
  ['21 no projects', { projects: http(200, []) }, 'active', 'active'],
  ['23 403 not JSON', { self: http(403, undefined) }, 'unanswered', 'unanswered'],
  [
    '23 read-only',
    { self: http(403, { message: 'You cannot perform write operations on a read-only instance' }) },
    'unanswered',
    'unanswered',
  ],
  ['24 other JSON 403', { user: http(403, { message: '403 Forbidden' }) }, 'error', 'error'],
  ['25 429', { self: http(429, undefined) }, 'unanswered', 'unanswered'],
  ['26 5xx', { self: http(502, undefined) }, 'unanswered', 'unanswered'],
  ['26 time-out', { self: { is: 'none', sentence: 'gitlab.com did not answer in time.' } }, 'unanswered', 'unanswered'],
  ['27 redirect', { self: http(302, undefined) }, 'invalid', 'unanswered'],
  ['an old GitLab without /self', { self: http(404, { error: '404 Not Found' }) }, 'active', 'active'],
]

describe("GitLab's answer", () => {
  test.each(rows)('row %s is judged', (_row, answers, first, later) => {
    expect([judge(answers, firstCheck), judge(answers, worked)]).toEqual([first, later])
  })

  test('row 10: a plain 401 on the first moment of the end day is Expired', () => {
    expect(judge({ self: plain }, { ...worked, expiresAt: now })).toBe('expired')
  })

  test('row 28: a 401 beside three others is held for ten minutes', () => {
    const finding = judgeGitLab(
      { self: revoked, user: null, projects: null, missingScopes: [] },
      { ...worked, othersRefusedLately: 3 },
      now,
    )
    expect(finding).toMatchObject({ is: 'unanswered', retryAfterMs: 600_000 })
  })
})
