import { describe, expect, test } from 'vitest'
import type { LsRemoteOutcome } from '../../git/ls-remote.ts'
import { firstCheck, type Prior } from '../provider.ts'
import { TransportError } from '../transport/failure.ts'
import { createGitHub } from './github.ts'

const now = new Date('2026-03-10T12:00:00Z')
const worked: Prior = { ...firstCheck, worked: true, status: 'active' }
const MARK = { 'x-github-request-id': 'A1' }
const CLASSIC = { ...MARK, 'x-oauth-scopes': 'repo, read:org' }

/** What GitHub answers: a status, a body and headers, or a failure on the way. */
type Said = readonly [status: number, body?: unknown, headers?: Record<string, string>] | TransportError
type Scene = { user?: Said; repos?: Said; git?: LsRemoteOutcome }

const says = (status: number, message: string, headers: Record<string, string> = MARK): Said => [
  status,
  { message },
  headers,
]
const ada = { id: 1, login: 'ada' }
const well = {
  user: [200, ada, CLASSIC],
  repos: [200, [{ id: 7, full_name: 'acme/shop', pushed_at: '2026-03-01T00:00:00Z' }], CLASSIC],
} satisfies Scene

async function check(scene: Scene, prior: Prior) {
  const said = { ...well, ...scene }
  const provider = createGitHub({
    fetch: async (url) => {
      const answer = new URL(url).pathname === '/user' ? said.user : said.repos
      if (answer instanceof Error) throw answer
      const [status, body, headers = MARK] = answer
      return new Response(body === undefined ? null : JSON.stringify(body), { status, headers })
    },
    lsRemote: async () => scene.git ?? { kind: 'ok', authenticated: true },
    clock: () => now,
    trusted: () => true,
    url: 'https://github.com',
    apiUrl: 'https://api.github.com',
  })
  return provider.checkToken(`ghp_${'a'.repeat(36)}`, { baseUrl: 'https://github.com', prior })
}

/** What becomes of the status: what it is set to, at once or after a pause, or nothing. */
async function outcome(scene: Scene, prior: Prior): Promise<string> {
  const verdict = await check(scene, prior)
  if (verdict.is === 'answered') return verdict.outcome
  return verdict.is === 'unanswered' ? 'unchanged' : `${verdict.outcome} after ${verdict.confirmAfterMs / 1000} s`
}

type Case = [scene: Scene, first: string, later: string]
const cut = (kind: 'timeout' | 'name-not-found' | 'tls-authority') =>
  new TransportError({ kind, host: 'api.github.com', sent: true })
const unchanged = (user: Said): Case => [{ user }, 'unchanged', 'unchanged']
const policies = [
  'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
  'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and 203.0.113.5 is not permitted to access this resource.',
  'Although you appear to have the correct authorization credentials, the `acme` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited.',
  "The 'acme' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days.",
]

/** The rows of the table of answers that concern a pasted token; the others are about OAuth and Apps. */
const rows: Record<string, Case[]> = {
  '200 with the needed scopes': [
    [{}, 'active', 'active'],
    [{ user: [200, ada, MARK] }, 'active', 'active'],
  ],
  'a scope is lacking': [[{ user: [200, ada, { ...MARK, 'x-oauth-scopes': 'gist' }] }, 'invalid', 'error']],
  '401 Bad credentials': [[{ user: says(401, 'Bad credentials') }, 'invalid', 'revoked after 5 s']],
  '401 Requires authentication': [[{ user: says(401, 'Requires authentication') }, 'error', 'unchanged']],
  'the account is suspended': [[{ user: says(403, 'Sorry. Your account was suspended.') }, 'error', 'revoked']],
  'an organization shuts the token out, the only one it opens': policies.map(
    (text): Case => [{ repos: says(403, text) }, 'error', 'error'],
  ),
  'not accessible by the token, for all repositories': [
    [{ repos: says(403, 'Resource not accessible by personal access token') }, 'invalid', 'error'],
  ],
  'too many wrong sign-ins': [
    unchanged(says(403, 'Maximum number of login attempts exceeded. Please try again later.')),
  ],
  'a rate limit': [
    unchanged(says(403, 'API rate limit exceeded for user ID 1.')),
    unchanged(says(403, 'You have exceeded a secondary rate limit')),
    unchanged([429]),
    [{ repos: says(403, 'API rate limit exceeded for user ID 1.') }, 'active', 'active'],
  ],
  'no answer of GitHub': [
    unchanged(says(503, 'Unavailable')),
    unchanged(cut('timeout')),
    unchanged(cut('name-not-found')),
    unchanged([200]),
    unchanged([302]),
    unchanged(says(404, 'Not Found')),
    unchanged(says(403, 'Request forbidden by administrative rules.')),
  ],
  'the repositories are refused while the person is known': [
    ...[404, 403, 451].map((status): Case => [{ repos: says(status, 'Not Found') }, 'active', 'active']),
    [
      { git: { kind: 'refused', reason: 'not-found', text: 'The repository was not found with this token.' } },
      'active',
      'active',
    ],
  ],
}

describe("GitHub's answer", () => {
  test.each(Object.entries(rows))('in the row: %s', async (_row, cases) => {
    for (const [scene, first, later] of cases) {
      expect([await outcome(scene, firstCheck), await outcome(scene, worked)]).toEqual([first, later])
    }
  })

  test('401 Bad credentials is Expired once the stored end has come, give or take five minutes between clocks', async () => {
    const ends = (minutes: number): Prior => ({ ...worked, expiresAt: new Date(now.getTime() + minutes * 60_000) })
    const user = says(401, 'Bad credentials')
    expect([await outcome({ user }, ends(-60)), await outcome({ user }, ends(5))]).toEqual(['expired', 'expired'])
    expect(await outcome({ user }, ends(5.1))).toBe('revoked after 5 s')
    expect(await outcome({}, ends(-60))).toBe('active')
  })

  test('without the mark that GitHub gives each answer takes no working connection down', async () => {
    const bare = (said: Said): Said => (said instanceof Error ? said : [said[0], said[1], {}])
    expect(await outcome({ user: bare(says(401, 'Bad credentials')) }, worked)).toBe('unchanged')
    expect(await outcome({ user: bare(says(401, 'Requires authentication')) }, firstCheck)).toBe('unchanged')
    expect(await outcome({ user: bare(says(403, 'Sorry. Your account was suspended.')) }, worked)).toBe('unchanged')
    // Nothing is lost where nothing had worked, and nobody else answers with the person of the token.
    expect(await outcome({ user: bare(says(401, 'Bad credentials')) }, firstCheck)).toBe('invalid')
    expect(await outcome({ user: bare(well.user) }, worked)).toBe('active')
  })

  test('that never came because of a certificate names the host and says nothing of the token', async () => {
    const verdict = await check({ user: cut('tls-authority') }, worked)
    expect(verdict).toMatchObject({ is: 'unanswered', reason: 'unreachable' })
    expect(verdict.message).toMatch(/^api\.github\.com has a certificate of an authority that is not trusted here\./)
  })

  test('with part of the repositories left out is Active, and names the organizations', async () => {
    const headers = { ...CLASSIC, 'x-github-sso': 'partial-results; organizations=21955855,20582480' }
    const verdict = await check({ repos: [200, well.repos[1], headers] }, worked)
    expect(verdict).toMatchObject({ outcome: 'active', evidence: { warnings: [{ code: 'ssoPartial' }] } })
    expect(JSON.stringify(verdict.evidence.warnings)).toContain('21955855,20582480')
  })

  test.each([
    ['sso', 'ssoNeeded'],
    ['ip-list', 'ipList'],
    ['permission', 'permissionMissing'],
  ] as const)(
    'for one organization whose git refuses (%s) is Active, with a warning that names it',
    async (reason, code) => {
      const verdict = await check({ git: { kind: 'refused', reason, text: 'no' } }, worked)
      expect(verdict).toMatchObject({ outcome: 'active', evidence: { canClone: { is: 'no' } } })
      expect(verdict.evidence.warnings).toEqual([{ code, message: expect.stringMatching(/^acme /) }])
    },
  )

  test('that lacks a permission says which one GitHub asks for', async () => {
    const headers = { ...MARK, 'x-accepted-github-permissions': 'metadata=read' }
    const { message } = await check(
      { repos: says(403, 'Resource not accessible by personal access token', headers) },
      worked,
    )
    expect(message).toContain('metadata=read')
  })

  test('that the sign-in is locked is asked for again in an hour at the earliest', async () => {
    const user = says(403, 'Maximum number of login attempts exceeded. Please try again later.')
    expect(await check({ user }, worked)).toMatchObject({ retryAfterMs: 3_600_000 })
  })

  test.each([
    ['retry-after', { 'retry-after': '7' }, 7000],
    ['a long retry-after', { 'retry-after': '999999' }, 3_600_000],
    ['the reset', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now.getTime() / 1000 + 90) }, 90_000],
    ['nothing', {}, 60_000],
  ])('429 with %s names when to ask again', async (_, headers, retryAfterMs) => {
    const user: Said = [429, { message: 'rate limit' }, { ...headers }]
    expect(await check({ user }, worked)).toMatchObject({ retryAfterMs })
  })
})
