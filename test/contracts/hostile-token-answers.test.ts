import { call, type ProviderName } from '@git-connections/events'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { GrantOutcome } from '../../server/providers/oauth/grant.ts'
import { createOAuthClient, type OAuthClient } from '../../server/providers/oauth/oauth-client.ts'

const SENT = {
  secret: 'canary-client-secret-4711',
  code: 'canary-code-4711',
  verifier: 'canary-verifier-of-the-canonical-length-0123456789',
  refresh: 'canary-refresh-4711',
}
const FRESH = ['canary-fresh-access-4712', 'canary-fresh-refresh-4712']
const NOW = new Date('2026-01-01T00:00:00Z')

/** Anything a provider might put where something else is due, its own secrets said back among it. */
const said = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Object.values(SENT), ...FRESH) },
  fc
    .tuple(fc.string(), fc.constantFrom(...Object.values(SENT)), fc.string({ maxLength: 300 }))
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
  // Halves of characters, which no encoding takes.
  fc.string({ unit: fc.constantFrom('a', '\ud800', '\udfff') }),
)
const life = fc.oneof(
  fc.constantFrom<unknown>(7200, '3600', 0, -1, 1e18, -1e18, '1e18', 0.5, '', 'NaN', null, [], {}, true),
  fc.double(),
  fc.integer(),
)
const token = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...FRESH) },
  said,
  fc.constantFrom<unknown>('', ' ', 'a b', 'a\nb', null, 0, [], {}, ['a']),
)
const field = fc.oneof(said, fc.jsonValue())
const fields = fc.record(
  {
    access_token: token,
    refresh_token: token,
    token_type: fc.oneof(fc.constantFrom<unknown>('bearer', 'Bearer', 'BEARER', 'mac', 1, null), field),
    scope: fc.oneof(fc.constantFrom<unknown>('repo,gist', 'read_api read_repository', ''), field),
    expires_in: life,
    refresh_token_expires_in: life,
    error: fc.oneof(
      fc.constantFrom<unknown>(
        'bad_refresh_token',
        'invalid_grant',
        'invalid_client',
        'access_denied',
        'slow_down',
        '',
      ),
      field,
    ),
    error_description: field,
    message: field,
    constructor: field,
  },
  { requiredKeys: [] },
)
const granting = fields.map(({ error, ...rest }) => ({ ...rest, access_token: FRESH[0], token_type: 'bearer' }))
const refusing = fields.map(({ access_token, refresh_token, ...rest }) => ({ error: 'invalid_client', ...rest }))
const body = fc.oneof(
  { weight: 3, arbitrary: fields.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: granting.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: refusing.map((value) => JSON.stringify(value)) },
  fields.map((value) => {
    const form = new URLSearchParams()
    for (const [name, what] of Object.entries(value))
      form.set(name, typeof what === 'string' ? what : JSON.stringify(what))
    return String(form)
  }),
  fields.map((value) => JSON.stringify([value])),
  fields.map((value) => JSON.stringify(value).replace(/.{3}$/, '')),
  fc.json(),
  said,
  fc.constantFrom(
    '',
    'null',
    '{"access_token":"x","expires_in":NaN}',
    '{"access_token":"a","access_token":""}',
    '{"__proto__":{"access_token":"a","token_type":"bearer"}}',
  ),
)
const status = fc.oneof(
  { weight: 4, arbitrary: fc.constant(200) },
  { weight: 1, arbitrary: fc.constant(429) },
  fc.constantFrom(201, 204, 302, 400, 401, 403, 404, 422, 429, 500, 502, 503),
  fc.integer({ min: 200, max: 599 }),
)
const inHeader = said.map((text) => text.replace(/[^\x20-\x7e]/g, '').trim())
const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'text/html',
      'application/x-www-form-urlencoded; charset=utf-8',
    ),
    'x-github-request-id': inHeader,
    'x-request-id': inHeader,
    'retry-after': fc.oneof(inHeader, fc.constantFrom('-1', '0', '30', '1e9', 'Wed, 21 Oct 2099 07:28:00 GMT')),
    'x-ratelimit-remaining': fc.constantFrom('0', '-0', 'none'),
    'x-ratelimit-reset': fc.constantFrom('0', '99999999999999999999', 'soon'),
  },
  { requiredKeys: [] },
)
const answer = fc.oneof(
  { weight: 9, arbitrary: fc.record({ status, body, headers }) },
  said.map((text) => Object.assign(new TypeError(text), { cause: new Error(text) })),
)
type Given = { status: number; body: string; headers: Record<string, string> } | Error

interface Way {
  readonly sent: readonly string[]
  readonly ask: (oauth: OAuthClient, provider: ProviderName) => Promise<GrantOutcome>
}

const exchanging: Way = {
  sent: [SENT.secret, SENT.code, SENT.verifier],
  ask: (oauth, provider) => {
    const { code, verifier } = SENT
    return oauth.exchange(app(provider), { code, redirectUri: 'https://here.example/', verifier })
  },
}
const renewing: Way = {
  sent: [SENT.secret, SENT.refresh],
  ask: (oauth, provider) => oauth.refresh(app(provider), SENT.refresh),
}

function app(provider: ProviderName) {
  return { provider, baseUrl: 'https://git.example', clientId: 'client', clientSecret: SENT.secret }
}

/** A client of a provider that gives this answer to everything. */
function answeredBy(given: Given): OAuthClient {
  const fetch = async () => {
    if (given instanceof Error) throw given
    const empty = [204, 205, 304].includes(given.status)
    return new Response(empty ? null : given.body, { status: given.status, headers: given.headers })
  }
  return createOAuthClient({
    fetch,
    clock: () => NOW,
    github: { url: 'https://github.com', apiUrl: 'https://api.github.com' },
  })
}

/** The access token that somebody who reads carefully finds in an answer; null when there is none. */
function tokenSaid(given: Given): string | null {
  if (given instanceof Error || given.status !== 200) return null
  const form = given.headers['content-type']?.includes('form')
  const read = z.looseObject({ access_token: z.string().min(1) })
  try {
    const json: unknown = form ? Object.fromEntries(new URLSearchParams(given.body)) : JSON.parse(given.body)
    return read.safeParse(json).data?.access_token ?? null
  } catch {
    return null
  }
}

test('a hostile token answer never throws, never leaks, and never counts as granted without a token', async () => {
  const seen = { granted: 0, refused: 0, notDone: 0, unknown: 0 }
  const property = fc.asyncProperty(
    answer,
    fc.constantFrom(exchanging, renewing),
    fc.constantFrom<ProviderName>('github', 'gitlab'),
    async (given, way, provider) => {
      const outcome = await way.ask(answeredBy(given), provider)
      seen[outcome.is] += 1
      call.parse(outcome.call)
      const tokens = outcome.is === 'granted' ? outcome.tokens : null
      const shown = JSON.stringify({ ...outcome, tokens: null })
      const fresh = FRESH.filter((one) => one === tokens?.accessToken || one === tokens?.refreshToken)
      for (const canary of [...way.sent, ...fresh]) expect(shown).not.toContain(canary)
      expect(shown).not.toContain('\\u0000')
      if (outcome.is === 'notDone' && outcome.retryAfterMs !== null) {
        expect(outcome.retryAfterMs).toBeGreaterThanOrEqual(1000)
        expect(outcome.retryAfterMs).toBeLessThanOrEqual(3_600_000)
      }
      if (!tokens) return
      expect(tokens.accessToken).toBe(tokenSaid(given))
      expect(tokens.accessToken).toMatch(/^[\x21-\x7e]+$/)
      if (way === renewing) expect(tokens.refreshToken).toEqual(expect.any(String))
      for (const end of [tokens.expiresAt, tokens.refreshExpiresAt]) {
        if (end === null) continue
        expect(end.getTime()).toBeGreaterThan(NOW.getTime())
        expect(end.getTime()).toBeLessThanOrEqual(Date.parse('2027-01-02T00:00:00Z'))
      }
    },
  )
  await fc.assert(property, { numRuns: 1000 })
  // Each outcome was really tried.
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(10)
}, 60_000)
