import { describe, expect, test } from 'vitest'
import { tokensIn } from './token-set.ts'

const HOUR = 3600_000
const askedAt = new Date('2026-01-01T00:00:00Z')
const hoursOn = (hours: number) => new Date(askedAt.getTime() + hours * HOUR)
const atGitHub = { provider: 'github', refreshToken: null, askedAt } as const
const atGitLab = { provider: 'gitlab', refreshToken: null, askedAt } as const

describe('a token answer', () => {
  test("of GitHub's OAuth App gives a token without end", () => {
    const answer = { access_token: 'gho_a', scope: 'repo,gist', token_type: 'bearer' }
    expect(tokensIn(answer, atGitHub)).toEqual({
      accessToken: 'gho_a',
      refreshToken: null,
      scopes: ['repo', 'gist'],
      expiresAt: null,
      refreshExpiresAt: null,
    })
  })

  test("of a GitHub App gives a user's pair with both ends and no scopes", () => {
    const ends = { expires_in: 28_800, refresh_token: 'ghr_b', refresh_token_expires_in: 15_897_600 }
    expect(tokensIn({ access_token: 'ghu_a', ...ends, scope: '', token_type: 'bearer' }, atGitHub)).toEqual({
      accessToken: 'ghu_a',
      refreshToken: 'ghr_b',
      scopes: null,
      expiresAt: hoursOn(8),
      refreshExpiresAt: hoursOn(184 * 24),
    })
  })

  test('of GitLab gives a pair whose refresh token has no end', () => {
    const answer = { access_token: 'a', token_type: 'Bearer', expires_in: 7200, refresh_token: 'b', created_at: 1 }
    expect(tokensIn({ ...answer, scope: 'read_api read_repository' }, atGitLab)).toEqual({
      accessToken: 'a',
      refreshToken: 'b',
      scopes: ['read_api', 'read_repository'],
      expiresAt: hoursOn(2),
      refreshExpiresAt: null,
    })
  })

  test('without a new refresh token keeps the one that was shown, whose end is not told', () => {
    for (const refresh_token of [undefined, null, '', 7, 'with blank']) {
      const tokens = tokensIn({ access_token: 'ghu_a', refresh_token }, { ...atGitHub, refreshToken: 'ghr_old' })
      expect(tokens).toMatchObject({ refreshToken: 'ghr_old', refreshExpiresAt: null })
    }
  })

  test.each([
    ['no access token', {}],
    ['an empty one', { access_token: '' }],
    ['a number for one', { access_token: 12345 }],
    ['one that fits into no header', { access_token: 'a\r\nx-evil: 1' }],
    ['one with a blank', { access_token: 'a b' }],
    ['one beyond all measure', { access_token: 'a'.repeat(20_000) }],
    ['a token of a kind that we cannot use', { access_token: 'a', token_type: 'mac' }],
    ['a list', [{ access_token: 'a' }]],
    ['nothing', null],
  ])('with %s gives nothing', (_, answer) => {
    expect(tokensIn(answer, atGitHub)).toBeNull()
    expect(tokensIn(answer, { ...atGitLab, refreshToken: 'old' })).toBeNull()
  })

  test.each(['bearer', 'Bearer', 'BEARER', null, undefined])('may call the kind of token %s', (token_type) => {
    expect(tokensIn({ access_token: 'a', token_type }, atGitLab)?.accessToken).toBe('a')
  })
})

describe("a token's life", () => {
  test.each([
    [60, 1 / 60],
    ['3600', 1],
    [3600.9, 1],
  ])('of %s seconds counts from before the question', (expires_in, hours) => {
    expect(tokensIn({ access_token: 'a', expires_in }, atGitLab)?.expiresAt).toEqual(hoursOn(hours))
  })

  const beyondBelief = [undefined, null, 0, -1, 0.5, 1e18, Number.NaN, Infinity, 'NaN', '1e3', '', '-1', [], {}, true]

  test.each(beyondBelief)('of %s seconds is no end for a token that nothing renews', (expires_in) => {
    expect(tokensIn({ access_token: 'gho_a', expires_in }, atGitHub)?.expiresAt).toBeNull()
  })

  test.each(beyondBelief)('of %s seconds is taken for the usual one where it can be renewed', (seconds) => {
    const lives = { expires_in: seconds, refresh_token_expires_in: seconds }
    const answer = { access_token: 'ghu_a', refresh_token: 'ghr_b', ...lives }
    expect(tokensIn(answer, atGitHub)).toMatchObject({ expiresAt: hoursOn(8), refreshExpiresAt: hoursOn(183 * 24) })
    expect(tokensIn(answer, atGitLab)).toMatchObject({ expiresAt: hoursOn(2), refreshExpiresAt: null })
  })
})

describe('scopes', () => {
  test.each([
    ['repo,gist', ['repo', 'gist']],
    ['repo, gist', ['repo', 'gist']],
    ['read_api  read_repository ', ['read_api', 'read_repository']],
    ['', []],
    [undefined, null],
    [['repo'], null],
    ['re\u0000po', ['re po']],
  ])('are read from %j', (scope, scopes) => {
    expect(tokensIn({ access_token: 'gho_a', scope }, atGitHub)?.scopes).toEqual(scopes)
  })

  test('are at most fifty, whatever comes', () => {
    expect(tokensIn({ access_token: 'a', scope: 'x '.repeat(10_000) }, atGitLab)?.scopes).toHaveLength(50)
  })
})
