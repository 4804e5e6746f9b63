import { describe, expect, test } from 'vitest'
import type { LsRemoteOutcome } from '../../git/ls-remote.ts'
import { firstCheck, type Prior } from '../provider.ts'
import { TransportError } from '../transport/failure.ts'
import { createGitLab } from './gitlab.ts'

const now = new Date('2026-03-10T00:00:00Z')
const worked: Prior = { ...firstCheck, worked: true, status: 'active' }
const TOKEN = 'glpat-abcdefghij0123456789'

/** What the instance answers at a path: a status and a body, or a failure on the way. */
type Said = readonly [status: number, body?: unknown, headers?: Record<string, string>] | TransportError
type Scene = Partial<Record<'self' | 'user' | 'projects' | 'metadata' | 'version', Said>> & { git?: LsRemoteOutcome }

const PATHS = {
  self: '/personal_access_tokens/self',
  user: '/user',
  projects: '/projects',
  metadata: '/metadata',
  version: '/version',
} as const
const plain: Said = [401, { message: '401 Unauthorized' }]
const invalidToken = (why: string): Said => [401, { error: 'invalid_token', error_description: why }]
const expired = invalidToken('Token is expired. You can either do re-authorization or token refresh.')
const revoked = invalidToken('Token was revoked. You have to re-authorize from the user.')
const forbidden = (text: string): Said => [403, { message: `403 Forbidden - ${text}` }]
const project = { id: 7, path_with_namespace: 'acme/shop', last_activity_at: '2026-03-01T00:00:00Z' }
const well = {
  self: [200, { id: 1, scopes: ['read_api', 'read_repository'], expires_at: '2026-06-01' }],
  user: [200, { id: 42, username: 'ada' }],
  projects: [200, [project]],
  metadata: plain,
  version: plain,
} satisfies Scene

async function check(scene: Scene, prior: Prior) {
  const asked: string[] = []
  const said: Scene = { ...well, ...scene }
  const provider = createGitLab({
    fetch: async (url) => {
      const path = new URL(url).pathname.replace('/api/v4', '')
      asked.push(path)
      const name = (Object.keys(PATHS) as (keyof typeof PATHS)[]).find((key) => PATHS[key] === path)
      const answer = name ? said[name] : undefined
      if (answer instanceof Error) throw answer
      const [status = 404, body, headers = {}] = answer ?? []
      return new Response(body === undefined ? null : JSON.stringify(body), { status, headers })
    },
    lsRemote: async () => said.git ?? { kind: 'ok', authenticated: true },
    clock: () => now,
    trusted: () => true,
    url: 'https://gitlab.com',
  })
  const verdict = await provider.checkToken(TOKEN, { baseUrl: 'https://gitlab.com', prior })
  return { verdict, asked }
}

/** What becomes of the status: what it is set to, at once or after a pause, or nothing. */
async function outcome(scene: Scene, prior: Prior): Promise<string> {
  const { verdict } = await check(scene, prior)
  if (verdict.is === 'answered') return verdict.outcome
  return verdict.is === 'unanswered' ? 'unchanged' : `${verdict.outcome} after ${verdict.confirmAfterMs / 1000} s`
}

type Case = [scene: Scene, first: string, later: string, prior?: Partial<Prior>]
const cut = (kind: 'timeout' | 'name-not-found' | 'tls' | 'too-large') =>
  new TransportError({ kind, host: 'gitlab.com', sent: true })

/** The rows of the table of answers that concern a pasted token; the others are about OAuth and webhooks. */
const rows: Record<string, Case[]> = {
  '1: all well': [[{}, 'active', 'active']],
  '2: a needed scope is missing': [
    [{ self: [200, { id: 1, scopes: ['read_user'] }] }, 'invalid', 'invalid'],
    [{ user: [403, { error: 'insufficient_scope' }] }, 'invalid', 'invalid'],
    [{ projects: [403, { error: 'insufficient_granular_scope' }] }, 'invalid', 'invalid'],
  ],
  '3: the pasted token is one of OAuth': [
    [
      { self: [400, { message: '400 Bad request - This endpoint requires token type to be a personal access token' }] },
      'invalid',
      'invalid',
    ],
  ],
  '7: the revoked text': [
    [{ self: revoked }, 'revoked', 'revoked'],
    [{ self: [200, { id: 1, scopes: ['api'], revoked: true }] }, 'revoked', 'revoked'],
  ],
  '9: a plain 401 to a token that never worked': [[{ self: plain }, 'invalid', 'revoked after 30 s']],
  '16: the account has been blocked': [
    [{ self: forbidden('Your account has been blocked.') }, 'revoked', 'revoked'],
    [{ user: forbidden('Your account has been blocked.') }, 'revoked', 'revoked'],
  ],
  '17: the owner of the account must act': [
    'Your account is pending approval from your administrator and hence blocked.',
    'Your account has been deactivated by your administrator. Please log back in from a web browser.',
    'Your password expired. Please access GitLab from a web browser to update your password.',
    'You (@ada) must accept the Terms of Service in order to perform this action.',
    'Your primary email address is not confirmed. Please check your inbox.',
  ].map((text): Case => [{ self: forbidden(text) }, 'error', 'error']),
  '18: a rule of the instance forbids the token': [
    [
      { self: [401, { error: 'dpop_error', error_description: 'DPoP validation error: DPoP header is missing' }] },
      'error',
      'error',
    ],
    [{ self: invalidToken('Token is an impersonation token but impersonation was disabled.') }, 'error', 'error'],
    [
      {
        self: [401, { error: 'restricted_language_server_client_error', error_description: 'Requests are restricted' }],
      },
      'error',
      'error',
    ],
  ],
  '19: single sign-on is asked for, for everything': [
    [
      { projects: [400, { message: "Cannot find valid SSO session. Please login via your group's SSO" }] },
      'error',
      'error',
    ],
  ],
  '20: the projects are refused while the person is known': [
    [{ projects: [404, { message: '404 Project Not Found' }] }, 'active', 'active'],
    [{ projects: [403, { message: '403 Forbidden' }] }, 'active', 'active'],
  ],
  '21: no projects at all': [[{ projects: [200, []] }, 'active', 'active']],
  '22: git is refused while the API answers': [
    [{ git: { kind: 'refused', reason: 'credential', text: 'git was refused with this token.' } }, 'active', 'active'],
    [
      { git: { kind: 'refused', reason: 'permission', text: 'The token may not read this repository.' } },
      'active',
      'active',
    ],
  ],
  '23: a 403 that is not JSON, or says read-only': [
    [{ self: [403] }, 'unchanged', 'unchanged'],
    [
      { self: [403, { message: 'You cannot perform write operations on a read-only instance' }] },
      'unchanged',
      'unchanged',
    ],
  ],
  '25: too many calls': [
    [{ self: [429] }, 'unchanged', 'unchanged'],
    [
      { user: [429, { message: { error: 'This endpoint has been requested too many times. Try again later.' } }] },
      'unchanged',
      'unchanged',
    ],
    [{ projects: [429] }, 'active', 'active'],
  ],
  '26: no answer of GitLab': [
    ...[502, 503].map((status): Case => [{ self: [status, { message: 'x' }] }, 'unchanged', 'unchanged']),
    ...(['timeout', 'name-not-found', 'tls', 'too-large'] as const).map(
      (kind): Case => [{ self: cut(kind) }, 'unchanged', 'unchanged'],
    ),
    [{ self: [200] }, 'unchanged', 'unchanged'],
    [{ self: [404], user: [404] }, 'unchanged', 'unchanged'],
  ],
  '27: a redirect': [[{ self: [302] }, 'invalid', 'unchanged']],
}

describe("GitLab's answer", () => {
  test.each(Object.entries(rows))('in row %s', async (_row, cases) => {
    for (const [scene, first, later] of cases) {
      expect([await outcome(scene, firstCheck), await outcome(scene, worked)]).toEqual([first, later])
    }
  })

  test('in row 5: the expired text is Expired, and a token whose end has come is not asked about any more', async () => {
    expect([await outcome({ self: expired }, firstCheck), await outcome({ self: expired }, worked)]).toEqual([
      'expired',
      'expired',
    ])
    const ended = await check({}, { ...worked, expiresAt: now })
    expect(ended).toMatchObject({
      asked: [],
      verdict: { outcome: 'expired', evidence: { expiresAt: now.toISOString(), calls: [] } },
    })
    expect(await outcome({}, { ...worked, expiresAt: new Date(now.getTime() + 1) })).toBe('active')
  })

  test('in row 10: a plain 401 of a token whose end came while it was asked about is Expired', async () => {
    const expiresAt = new Date(now.getTime() + 1)
    let calls = 0
    const provider = createGitLab({
      fetch: async () => new Response(JSON.stringify({ message: '401 Unauthorized' }), { status: 401 }),
      lsRemote: async () => ({ kind: 'ok', authenticated: true }),
      clock: () => new Date(now.getTime() + 2 * calls++),
      trusted: () => true,
      url: 'https://gitlab.com',
    })
    const prior = { ...worked, expiresAt }
    expect(await provider.checkToken(TOKEN, { baseUrl: 'https://gitlab.com', prior })).toMatchObject({
      outcome: 'expired',
    })
  })

  test.each([
    ['GitLab refuses a stranger', { metadata: plain }, 'revoked after 30 s'],
    ['GitLab tells its version', { metadata: [200, { version: '18.1.0' }] }, 'revoked after 30 s'],
    [
      'an old GitLab knows only /version',
      { metadata: [404, { error: '404 Not Found' }], version: plain },
      'revoked after 30 s',
    ],
    ['something else answers', { metadata: [404], version: [200, 'Hello'] }, 'unchanged'],
    ['a page answers', { metadata: [200] }, 'unchanged'],
    ['a proxy asks for a sign-in', { metadata: [302] }, 'unchanged'],
    ['nobody answers any more', { metadata: cut('timeout') }, 'unchanged'],
  ] satisfies [string, Scene, string][])(
    'in row 11: a plain 401 to a token that worked, and %s',
    async (_, scene, later) => {
      expect(await outcome({ self: plain, ...scene }, worked)).toBe(later)
    },
  )

  test('in row 24: another 403 is Error when it comes twice', async () => {
    const once = { self: [403, { message: '403 Forbidden' }] } satisfies Scene
    const { verdict, asked } = await check(once, worked)
    expect([verdict.is === 'answered' && verdict.outcome, asked]).toEqual(['error', [PATHS.self, PATHS.self]])
    expect(await outcome({ user: [403, { message: '403 Forbidden' }] }, firstCheck)).toBe('error')
  })

  test('in row 28: a refusal beside three others within minutes is held for ten minutes, whatever it says', async () => {
    const many = { ...worked, othersRefusedLately: 3 }
    expect(await outcome({ self: plain }, many)).toBe('revoked after 600 s')
    expect(await outcome({ self: revoked }, many)).toBe('revoked after 600 s')
    expect(await outcome({ self: expired }, many)).toBe('expired after 600 s')
    expect(await outcome({ self: revoked }, { ...many, othersRefusedLately: 2 })).toBe('revoked')
  })

  test('of a GitLab that knows no /self is judged by its person', async () => {
    expect(await outcome({ self: [404, { error: '404 Not Found' }] }, firstCheck)).toBe('active')
    expect(await outcome({ self: [404, { error: '404 Not Found' }], user: plain }, worked)).toBe('revoked after 30 s')
  })
})
