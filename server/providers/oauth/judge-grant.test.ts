import type { ProviderName } from '@git-connections/events'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../conversation.ts'
import type { Grant } from './grant.ts'
import { judgeGrant } from './judge-grant.ts'

const now = new Date('2026-01-01T00:00:00Z')

function http(status: number, json?: unknown, headers: Record<string, string> = {}): Answer {
  return { is: 'http', status, headers: new Headers(headers), json, text: json === undefined ? '<!DOCTYPE html>' : '' }
}

function none(sent: boolean): Answer {
  return { is: 'none', sentence: 'git.example did not answer in time.', sent }
}

function judge(answer: Answer, provider: ProviderName = 'github', refreshToken: string | null = 'ghr_old'): Grant {
  return judgeGrant(answer, { provider, refreshToken, askedAt: now, now, secrets: ['s3cret-s3cret'] })
}

const no = (error: string, error_description?: string) => ({ error, error_description })

describe('a definite no', () => {
  test.each<[code: string, 'grant' | 'client' | 'user', provider: ProviderName, status: number]>([
    ['bad_refresh_token', 'grant', 'github', 200],
    ['bad_verification_code', 'grant', 'github', 200],
    ['incorrect_client_credentials', 'client', 'github', 200],
    ['redirect_uri_mismatch', 'client', 'github', 200],
    ['unsupported_grant_type', 'client', 'github', 200],
    ['Not Found', 'client', 'github', 404],
    ['unverified_user_email', 'user', 'github', 200],
    ['access_denied', 'user', 'github', 200],
    ['invalid_grant', 'grant', 'gitlab', 400],
    ['invalid_client', 'client', 'gitlab', 401],
    ['unauthorized_client', 'client', 'gitlab', 400],
    ['invalid_request', 'client', 'gitlab', 400],
    ['invalid_scope', 'client', 'gitlab', 400],
    ['a word of its own', 'client', 'gitlab', 403],
  ])('in the word %s is a fault of the %s', (code, fault, provider, status) => {
    const outcome = judge(http(status, no(code, 'Because.')), provider)
    expect(outcome).toMatchObject({ is: 'refused', fault, code })
  })

  test('of a code tells to start again, of a refresh token to sign in again', () => {
    expect(judge(http(200, no('bad_verification_code')), 'github', null)).toMatchObject({
      message: expect.stringContaining('Start again.'),
    })
    expect(judge(http(400, no('invalid_grant')), 'gitlab')).toMatchObject({
      message: expect.stringContaining('Sign in at GitLab again.'),
    })
  })

  test('in words of its own quotes them in one line, without what is secret', () => {
    const outcome = judge(http(400, no('odd', 'Do not\u001b[31m use\ns3cret-s3cret here')), 'gitlab')
    expect(outcome).toMatchObject({ message: expect.stringContaining('"odd: Do not [31m use [secret] here"') })
  })

  test('quotes no part of a secret either, nor what it is in base64', () => {
    const said = `s3cret-s3cre and ${Buffer.from('id:s3cret-s3cret').toString('base64')}`
    const outcome = judge(http(400, no('odd', said)), 'gitlab')
    expect(JSON.stringify(outcome)).not.toMatch(/s3cret|czNjcmV0|zM2NyZX/)
  })

  test('leaves no part of a secret where a long text is cut', () => {
    const outcome = judge(http(400, no('odd', `${'x'.repeat(195)}s3cret-s3cret`)), 'gitlab')
    expect(JSON.stringify(outcome)).not.toContain('s3c')
  })
})

describe('a certain "not done"', () => {
  test('is a question that did not leave', () => {
    expect(judge(none(false))).toMatchObject({ is: 'notDone', retryAfterMs: null })
  })

  test.each([
    ['429 with a time', http(429, undefined, { 'retry-after': '30' }), 30_000],
    ['429 without one', http(429, { message: 'Slow down' }), null],
    [
      '403 with a time',
      http(403, { message: 'You have exceeded a secondary rate limit' }, { 'retry-after': '60' }),
      60_000,
    ],
    [
      '403 with nothing left',
      http(403, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225900' }),
      300_000,
    ],
    ['slow_down', http(200, no('slow_down')), null],
    ['a wait beyond all measure', http(429, undefined, { 'retry-after': '999999999' }), 3_600_000],
  ])('is %s', (_, answer, retryAfterMs) => {
    expect(judge(answer)).toMatchObject({ is: 'notDone', retryAfterMs })
  })

  test('is an instance that only reads', () => {
    const body = { message: 'You cannot perform write operations on a read-only instance' }
    expect(judge(http(403, body), 'gitlab')).toMatchObject({ is: 'notDone' })
  })
})

describe('an answer that proves nothing', () => {
  test.each<[string, Answer]>([
    ['none after the question left', none(true)],
    ['5xx', http(503, { message: 'Unavailable' })],
    ['5xx in words of OAuth', http(500, no('invalid_grant'))],
    ['trouble at the provider', http(400, no('server_error'))],
    ['a page', http(200)],
    ['a page that refuses', http(403)],
    ['an empty object', http(200, {})],
    ['a list', http(200, [])],
    ['an error that is no text', http(200, { error: { code: 'bad_refresh_token' } })],
    ['a refusal not of OAuth', http(401, { message: '401 Unauthorized' })],
    ['a redirect', http(302, {})],
    ['a token under another status', http(201, { access_token: 'a' })],
    ['a token beside a no', http(200, { access_token: 'a', error: 'invalid_grant' })],
    ['a refresh token beside a no', http(400, { refresh_token: 'a', error: 'invalid_grant' })],
    ['a token beside "too many"', http(429, { access_token: 'a' })],
  ])('is %s', (_, answer) => {
    for (const provider of ['github', 'gitlab'] as const) expect(judge(answer, provider).is).toBe('unknown')
  })
})

test('a token under status 200 is granted', () => {
  expect(judge(http(200, { access_token: 'a', token_type: 'BEARER' }), 'gitlab', 'kept')).toMatchObject({
    is: 'granted',
    tokens: { accessToken: 'a', refreshToken: 'kept' },
  })
})
