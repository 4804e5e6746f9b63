import { evidence, type ProviderName, type Verdict } from '@git-connections/events'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLsRemote } from '../../server/git/ls-remote.ts'
import { createProviders } from '../../server/providers/index.ts'
import { firstCheck, type Prior, type Provider } from '../../server/providers/provider.ts'
import { createGuardedFetch } from '../../server/providers/transport/guarded-fetch.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import type { FaultInput } from '../simulators/faults/fault.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'

const worked: Prior = { ...firstCheck, worked: true, status: 'active', expiresAt: new Date('2099-01-01') }
const trusted = parseTrustedHosts('127.0.0.1')
const lsRemote = createLsRemote({ trustedHosts: trusted })
const guarded = createGuardedFetch({ trustedHosts: trusted, userAgent: 'git-connections' })

let github: GitHubSimulator
let gitlab: GitLabSimulator

beforeAll(async () => {
  github = await startGitHub()
  gitlab = await startGitLab({ path: '/gitlab' })
})
afterAll(async () => {
  await github[Symbol.asyncDispose]()
  await gitlab[Symbol.asyncDispose]()
})

function made(fetch: (url: string, init?: RequestInit) => Promise<Response>, name: ProviderName): Provider {
  const config = { githubUrl: github.url, githubApiUrl: github.apiUrl, gitlabUrl: gitlab.url }
  return createProviders({ fetch, lsRemote, clock: () => new Date(), config, trusted })[name]
}

/** What the suite needs of a provider's world. */
const worlds = {
  github: {
    simulator: () => github,
    account: () => void github.user({ login: 'ada', name: 'Ada\u0000 Sample' }),
    repository: (name: string, at: string) => void github.repository({ fullName: `ada/${name}`, pushedAt: at }),
    token: (scopes: string[] = ['repo', 'read:org']) => github.token({ user: 'ada', scopes }),
    expire: (token: string) => github.expire({ token }),
    revoke: (token: string) => github.revoke({ token }),
    tooFew: ['gist'],
    expired: 'invalid',
    redirected: 'unanswered',
  },
  gitlab: {
    simulator: () => gitlab,
    account: () => void gitlab.user({ username: 'ada', name: 'Ada\u0000 Sample' }),
    repository: (name: string, at: string) => void gitlab.project({ path: `ada/${name}`, lastActivityAt: at }),
    token: (scopes: string[] = ['read_api', 'read_repository']) => gitlab.token({ user: 'ada', scopes }),
    expire: (token: string) => gitlab.expire({ token }),
    revoke: (token: string) => gitlab.revoke({ token }),
    tooFew: ['read_user'],
    expired: 'expired',
    redirected: 'invalid',
  },
} as const

describe.each(['github', 'gitlab'] as const)('checking a token at %s', (name) => {
  const world = worlds[name]

  beforeEach(() => {
    world.simulator().reset()
    world.account()
  })

  /** Checks, and holds every verdict to what is true of all. */
  async function check(token: string, prior: Prior = firstCheck, signal?: AbortSignal): Promise<Verdict> {
    const baseUrl = world.simulator().url
    const verdict = await made(guarded, name).checkToken(token, { baseUrl, prior, ...(signal ? { signal } : {}) })
    expect(JSON.stringify(verdict)).not.toContain(token)
    expect(JSON.stringify(verdict)).not.toContain('\\u0000')
    evidence.parse(verdict.evidence)
    return verdict
  }

  const outcome = (verdict: Verdict) => (verdict.is === 'answered' ? verdict.outcome : verdict.is)

  test('finds a good one Active, with who it is and what it opens', async () => {
    for (let day = 1; day <= 7; day++) world.repository(`repo-${day}`, `2026-01-0${day}T00:00:00Z`)
    const verdict = await check(world.token())
    expect(outcome(verdict)).toBe('active')
    expect(verdict.evidence.account).toMatchObject({ login: 'ada', name: 'Ada Sample', kind: 'user' })
    const shown = verdict.evidence.repositories.map(({ fullName }) => fullName)
    expect(shown).toEqual(['ada/repo-7', 'ada/repo-6', 'ada/repo-5', 'ada/repo-4', 'ada/repo-3'])
    expect(verdict.evidence.canList.is).toBe('yes')
    expect(verdict.evidence.canClone).toEqual({ is: 'yes', detail: 'git read ada/repo-7 with this token.' })
    expect(verdict.evidence.calls.every(({ status, requestId }) => status === 200 && requestId)).toBe(true)
  })

  test('says so when it reaches no repository', async () => {
    const verdict = await check(world.token())
    expect(outcome(verdict)).toBe('active')
    expect(verdict.evidence.canClone.is).toBe('unchecked')
    expect(verdict.evidence.warnings.map(({ code }) => code)).toContain('noRepositories')
  })

  test('finds one without the needed scope Invalid, and names the scope', async () => {
    const verdict = await check(world.token([...world.tooFew]))
    expect(verdict).toMatchObject({ is: 'answered', outcome: 'invalid', reason: 'scopesMissing' })
    expect(verdict.evidence.missingScopes).not.toEqual([])
  })

  test('tells an expired one', async () => {
    const token = world.token()
    world.expire(token)
    expect(outcome(await check(token))).toBe(world.expired)
    expect(outcome(await check(token, { ...worked, expiresAt: new Date(0) }))).toBe('expired')
  })

  test('tells a revoked one that had worked', async () => {
    const token = world.token()
    world.revoke(token)
    expect(['refusedOnce', 'revoked']).toContain(outcome(await check(token, worked)))
    expect(outcome(await check(token, { ...worked, status: 'revoked' }))).toBe('revoked')
  })

  const outages: [string, FaultInput][] = [
    ['the allowance is used up', { kind: 'rate-limit-primary' }],
    ['it comes too fast', { kind: 'rate-limit-secondary' }],
    ['the server fails', { kind: 'status', status: 503 }],
    ['a page answers 502', { kind: 'html' }],
    ['a page answers 200', { kind: 'html', status: 200 }],
    ['garbage comes', { kind: 'garbage' }],
    ['nothing comes', { kind: 'empty' }],
    ['the connection breaks', { kind: 'reset' }],
    ['the body is cut', { kind: 'cut' }],
    ['the body is nested deeply', { kind: 'deep-json' }],
    ['the body is a bomb', { kind: 'gzip-bomb', sizeBytes: 20_000_000 }],
  ]
  test.each(outages)('settles nothing when %s', async (_, fault) => {
    const token = world.token()
    world.simulator().fault({ ...fault, area: 'api' })
    for (const prior of [firstCheck, worked]) {
      const verdict = await check(token, prior)
      expect(verdict.is).toBe('unanswered')
      if (verdict.is === 'unanswered' && verdict.retryAfterMs !== null) {
        expect(verdict.retryAfterMs).toBeGreaterThanOrEqual(1000)
        expect(verdict.retryAfterMs).toBeLessThanOrEqual(3_600_000)
      }
    }
  })

  test('settles nothing when the provider hangs', async () => {
    const fault = world.simulator().fault({ kind: 'hang', area: 'api' })
    expect((await check(world.token(), worked, AbortSignal.timeout(300))).is).toBe('unanswered')
    fault.lift()
  })

  test('follows no redirect to another host', async () => {
    const token = world.token()
    world.simulator().fault({ kind: 'redirect', location: 'http://127.0.0.1:1/elsewhere' })
    expect(outcome(await check(token))).toBe(world.redirected)
    expect((await check(token, worked)).is).toBe('unanswered')
  })

  test('never throws on garbage, and settles nothing by it', async () => {
    const body = fc.oneof(fc.string(), fc.json(), fc.constantFrom('{}', '[]', 'null', '{"id":1}', '{"scopes":[]}'))
    const status = fc.oneof(
      fc.constantFrom(200, 201, 400, 401, 403, 404, 422, 429, 500, 503),
      fc.integer({ min: 200, max: 599 }),
    )
    await fc.assert(
      fc.asyncProperty(status, body, async (code, text) => {
        const empty = [204, 205, 304].includes(code)
        const provider = made(async () => new Response(empty ? null : text, { status: code }), name)
        const verdict = await provider.checkToken('a-token-of-our-own-making', {
          baseUrl: world.simulator().url,
          prior: worked,
        })
        expect(verdict.is).toBe('unanswered')
      }),
      { numRuns: 2000 },
    )
  }, 60_000)
})

describe('checking a token at gitlab', () => {
  test('tries git where there is code, not at a project whose repository is switched off', async () => {
    const world = worlds.gitlab
    world.simulator().reset()
    world.account()
    world.repository('code', '2026-01-01T00:00:00Z')
    gitlab.project({ path: 'ada/tickets', lastActivityAt: '2026-01-02T00:00:00Z', repositoryAccess: 'disabled' })
    const instance = { baseUrl: gitlab.url, prior: firstCheck }
    const verdict = await made(guarded, 'gitlab').checkToken(world.token(), instance)
    expect(verdict.evidence.canClone).toEqual({ is: 'yes', detail: 'git read ada/code with this token.' })
    expect(verdict.evidence.repositories.map(({ fullName }) => fullName)).toEqual(['ada/code'])
  })
})
