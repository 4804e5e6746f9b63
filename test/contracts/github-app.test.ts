import { generateKeyPairSync } from 'node:crypto'
import { evidence, type Verdict } from '@git-connections/events'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLsRemote } from '../../server/git/ls-remote.ts'
import type { AppCapability, AppCredential } from '../../server/providers/app.ts'
import { createProviders } from '../../server/providers/index.ts'
import { firstCheck, type Prior } from '../../server/providers/provider.ts'
import { createGuardedFetch } from '../../server/providers/transport/guarded-fetch.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import type { FaultInput } from '../simulators/faults/fault.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'

const worked: Prior = { ...firstCheck, worked: true, status: 'active' }
const revoked: Prior = { ...worked, status: 'revoked' }
const trusted = parseTrustedHosts('127.0.0.1')
const lsRemote = createLsRemote({ trustedHosts: trusted })
const guarded = createGuardedFetch({ trustedHosts: trusted, userAgent: 'git-connections' })
/** Made once, because making keys takes long. */
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })

let github: GitHubSimulator
let enterprise: GitHubSimulator

beforeAll(async () => {
  github = await startGitHub()
  enterprise = await startGitHub({ layout: 'enterprise' })
})
afterAll(async () => {
  await github[Symbol.asyncDispose]()
  await enterprise[Symbol.asyncDispose]()
})

/** Our side; its pauses let the simulated time pass instead of ours. */
function apps(world: { fetch?: typeof guarded; clock?: () => Date } = {}): AppCapability {
  const { app } = createProviders({
    ...{ fetch: guarded, lsRemote, clock: () => new Date(), trusted, ...world },
    config: { githubUrl: github.url, githubApiUrl: github.apiUrl, gitlabUrl: 'https://gitlab.com' },
    pause: async (ms) => github.clock.advance(ms),
  }).github
  if (!app) throw new Error('GitHub has Apps.')
  return app
}

/** An App of acme's with one key, installed on acme, which has two repositories. */
async function scene(installed: { repositories?: string[]; permissions?: Record<string, 'read' | 'write'> } = {}) {
  github.organization({ login: 'acme' })
  github.repository({ fullName: 'acme/shop', pushedAt: '2026-01-01T00:00:00Z' })
  github.repository({ fullName: 'acme/blog', pushedAt: '2026-01-02T00:00:00Z' })
  const { id } = await github.app({ owner: 'acme', slug: 'acme-deploys', id: 123 })
  const { pem, fingerprint } = await github.appKey({ app: id })
  const installation = await github.installation({ app: id, account: 'acme', id: 42, ...installed })
  const reading = apps().readKey(pem)
  if (reading.is === 'refused') throw new Error(reading.message)
  const app: AppCredential = { appId: String(id), installationId: String(installation.id), pem: reading.pem }
  return { app, fingerprint, reading }
}

/** Checks, and holds every verdict to what is true of all. */
async function check(app: AppCredential, prior: Prior = firstCheck, by = apps()): Promise<Verdict> {
  const verdict = await by.check(app, { baseUrl: github.url, prior })
  const secrets = github.requests.flatMap(({ credential }) => credential?.secret ?? [])
  const said = JSON.stringify(verdict)
  for (const secret of [...secrets, 'PRIVATE KEY']) expect(said).not.toContain(secret)
  evidence.parse(verdict.evidence)
  return verdict
}

function outcome(verdict: Verdict) {
  return verdict.is === 'answered' ? verdict.outcome : verdict.is
}

/** What becomes of a new connection, of one that had worked, and of one that is asked about again. */
async function outcomes(app: AppCredential): Promise<string[]> {
  return [outcome(await check(app)), outcome(await check(app, worked)), outcome(await check(app, revoked))]
}

describe('checking an App', () => {
  beforeEach(() => github.reset())

  test('finds a good one Active, with where it is installed and what it opens', async () => {
    const { app, fingerprint, reading } = await scene()
    const verdict = await check(app)
    expect(outcome(verdict)).toBe('active')
    expect(verdict.evidence).toMatchObject({
      account: { login: 'acme', kind: 'organization', url: `${github.url}/acme` },
      tokenKind: 'GitHub App (acme-deploys), all repositories',
      ...{ scopes: ['contents: read', 'metadata: read'], missingScopes: [], expiresAt: null, warnings: [] },
      canList: { is: 'yes', detail: 'GitHub listed the repositories that the installation reaches.' },
      canClone: { is: 'yes', detail: "git read acme/blog with the installation's token." },
    })
    expect(verdict.evidence.repositories.map(({ fullName }) => fullName)).toEqual(['acme/blog', 'acme/shop'])
    expect(verdict.evidence.calls.map(({ status }) => status)).toEqual([200, 200, 201, 200])
    expect(reading).toMatchObject({ fingerprint: expect.stringContaining(fingerprint) })
  })

  test('counts the selected repositories, on the account of a person too', async () => {
    const { app } = await scene({ repositories: ['acme/shop'] })
    expect((await check(app)).evidence.tokenKind).toBe('GitHub App (acme-deploys), 1 selected repository')
    github.user({ login: 'ada' })
    await github.installation({ app: 123, account: 'ada', id: 43 })
    const verdict = await check({ ...app, installationId: '43' })
    expect(verdict.evidence).toMatchObject({ account: { login: 'ada', kind: 'user' } })
    expect(verdict.evidence.warnings.map(({ code }) => code)).toEqual(['noRepositories'])
  })

  test.each(['long', 'short'] as const)('takes tokens of the %s form', async (form) => {
    const { app } = await scene()
    await github.installationTokens({ form })
    expect((await check(app)).evidence.canClone.is).toBe('yes')
    const tokens = github.requests
      .flatMap(({ credential }) => credential?.secret ?? [])
      .filter((text) => text.startsWith('ghs_'))
    expect(Math.max(...tokens.map(({ length }) => length)) > 500).toBe(form === 'long')
  })

  test('takes the client id for the App ID', async () => {
    const { app } = await scene()
    const { clientId } = await github.app({ owner: 'acme', name: 'Other', id: 124 })
    const { pem } = await github.appKey({ app: 124 })
    await github.installation({ app: 124, account: 'acme', id: 44 })
    expect(outcome(await check({ ...app, appId: clientId, installationId: '44', pem }))).toBe('active')
  })

  test('waits some seconds until GitHub knows the fresh token', async () => {
    const { app } = await scene()
    await github.replicaLag({ milliseconds: 4000 })
    const verdict = await check(app)
    expect([outcome(verdict), verdict.evidence.canClone.is]).toEqual(['active', 'yes'])
    expect(verdict.evidence.calls.filter(({ status }) => status === 401).length).toBeGreaterThan(1)
  })

  test("waits some seconds until GitHub's git knows the fresh token", async () => {
    const { app } = await scene()
    const headers = { 'www-authenticate': 'Basic realm="GitHub"' }
    // git asks twice: without the token, and with it.
    github.fault({ kind: 'status', status: 401, headers, area: 'git', times: 2 })
    expect((await check(app)).evidence.canClone.is).toBe('yes')
  })

  test('concludes nothing from a token that stays refused, and makes it anew once', async () => {
    const { app } = await scene()
    await github.replicaLag({ milliseconds: 3_600_000 })
    const verdict = await check(app, worked)
    expect(verdict).toMatchObject({ is: 'unanswered', reason: 'freshTokenRefused' })
    expect(github.requests.filter(({ method }) => method === 'POST').length).toBe(2)
  })

  test('tells a suspended one, and that it was taken back', async () => {
    const { app } = await scene()
    await github.changeInstallation({ id: 42, suspended: true })
    expect(await outcomes(app)).toEqual(['error', 'revoked', 'revoked'])
    await github.changeInstallation({ id: 42, suspended: false })
    expect(outcome(await check(app, revoked))).toBe('active')
  })

  test('tells an uninstalled one, and where to install it', async () => {
    const { app } = await scene()
    await github.uninstall({ id: 42 })
    expect(await outcomes(app)).toEqual(['invalid', 'revoked', 'revoked'])
    expect((await check(app)).message).toContain(`${github.url}/apps/acme-deploys/installations/new`)
  })

  test('tells a deleted key, with its fingerprint', async () => {
    const { app, fingerprint } = await scene()
    await github.appKey({ app: 123 })
    await github.removeAppKey({ app: 123, fingerprint })
    expect(await outcomes(app)).toEqual(['invalid', 'refusedOnce', 'revoked'])
    expect((await check(app)).message).toContain(fingerprint)
  })

  test('waits a minute for the first key of a new App', async () => {
    const { app, fingerprint } = await scene()
    await github.removeAppKey({ app: 123, fingerprint })
    const waits = { ...firstCheck, unansweredSince: new Date(Date.now() - 61_000) }
    expect(await outcomes(app)).toEqual(['unanswered', 'refusedOnce', 'revoked'])
    expect(outcome(await check(app, waits))).toBe('invalid')
    await github.appKey({ app: 123, pem: app.pem, hiddenForMilliseconds: 30_000 })
    expect(outcome(await check(app))).toBe('unanswered')
    github.clock.advance(30_000)
    expect(outcome(await check(app, waits))).toBe('active')
  })

  test('tells a deleted App', async () => {
    const { app } = await scene()
    await github.removeApp({ app: 123 })
    expect(await outcomes(app)).toEqual(['invalid', 'revoked', 'revoked'])
  })

  test.each([
    ['the key of another', { pem: stranger.toString() }, 'keyRefused'],
    ['an App ID that nobody has', { appId: '999' }, 'appMissing'],
    ['a client id that nobody has', { appId: 'Iv23liAbCdEfGhIjKlMn' }, 'appIdRefused'],
    ['an Installation ID that nobody has', { installationId: '999' }, 'installationMissing'],
  ])('finds %s Invalid', async (_, wrong, reason) => {
    const { app } = await scene()
    expect(await check({ ...app, ...wrong })).toMatchObject({ is: 'answered', outcome: 'invalid', reason })
  })

  test('says by how many seconds the clocks differ', async () => {
    const { app } = await scene()
    const off = (seconds: number) => apps({ clock: () => new Date(Date.now() + seconds * 1000) })
    for (const [seconds, words] of [
      [600, /\b(599|600|601) seconds ahead of/],
      [-600, /\b(599|600|601) seconds behind/],
    ] as const) {
      const verdict = await check(app, worked, off(seconds))
      expect(verdict).toMatchObject({ outcome: 'error', reason: 'clocksDiffer', message: expect.stringMatching(words) })
    }
    const near = await check(app, firstCheck, off(45))
    expect(outcome(near)).toBe('active')
    expect(near.evidence.warnings.map(({ code }) => code)).toEqual(['clocksDiffer'])
  })

  test('finds one without a needed permission in Error, and names it', async () => {
    const { app } = await scene({ permissions: { metadata: 'read' } })
    const verdict = await check(app)
    expect(verdict).toMatchObject({ outcome: 'error', reason: 'permissionMissing' })
    expect(verdict.evidence).toMatchObject({ scopes: ['metadata: read'], missingScopes: ['contents: read'] })
    expect(verdict.message).toContain(`${github.url}/organizations/acme/settings/installations/42`)
  })

  test('names the policy of an organization that lets only certain addresses in', async () => {
    const { app } = await scene()
    github.changeOrganization({ login: 'acme', ipRefused: '203.0.113.5' })
    expect(await check(app, worked)).toMatchObject({ outcome: 'error', reason: 'policy' })
  })

  const outages: [string, FaultInput][] = [
    ['the allowance is used up', { kind: 'rate-limit-primary' }],
    ['it comes too fast', { kind: 'rate-limit-secondary', status: 429 }],
    ['the server fails', { kind: 'status', status: 503 }],
    ['a page answers 200', { kind: 'html', status: 200 }],
    ['garbage comes', { kind: 'garbage' }],
    ['nothing comes', { kind: 'empty' }],
    ['the connection breaks', { kind: 'reset' }],
    ['another host is named', { kind: 'redirect', location: 'http://127.0.0.1:1/elsewhere' }],
  ]
  const routes = ['GET /app', 'GET /app/installations/*', 'POST /app/installations/*/access_tokens']
  test.each(outages)('settles nothing when %s, whatever is asked for', async (_, fault) => {
    const { app } = await scene()
    for (const route of routes) {
      const set = github.fault({ ...fault, route })
      expect([outcome(await check(app)), outcome(await check(app, worked))]).toEqual(['unanswered', 'unanswered'])
      set.lift()
    }
    github.fault({ ...fault, route: 'GET /installation/repositories' })
    const verdict = await check(app, worked)
    expect([outcome(verdict), verdict.evidence.canList.is]).toEqual(['active', 'unchecked'])
  })

  test.each(['/app', '/installation/repositories?per_page=100'])(
    'keeps nothing of a credential that the answer repeats',
    async (path) => {
      const { app } = await scene()
      const shown: string[] = []
      const by = apps({
        fetch: async (url, init) => {
          const credential = new Headers(init?.headers).get('authorization')?.replace(/^bearer /i, '') ?? ''
          if (!url.endsWith(path)) return guarded(url, init)
          shown.push(credential)
          const headers = { 'x-github-request-id': 'A1' }
          return new Response(JSON.stringify({ message: `Bad ${credential}` }), { status: 403, headers })
        },
      })
      const said = JSON.stringify(await check(app, firstCheck, by))
      expect(shown).toHaveLength(1)
      for (const secret of shown) expect(said).not.toContain(secret.slice(0, 20))
      expect(said).toContain('Bad [token]')
    },
  )

  test('never throws on garbage, and settles nothing by it', async () => {
    const { app } = await scene()
    const texts = ['{}', '[]', 'null', '{"id":1}', '{"id":1,"name":"x","permissions":{}}', '{"message":"Not Found"}']
    const body = fc.oneof(fc.string(), fc.json(), fc.constantFrom(...texts))
    const status = fc.oneof(fc.constantFrom(200, 201, 401, 403, 404, 422, 429, 500), fc.integer({ min: 200, max: 599 }))
    await fc.assert(
      fc.asyncProperty(status, body, async (code, text) => {
        const empty = [204, 205, 304].includes(code)
        const by = apps({ fetch: async () => new Response(empty ? null : text, { status: code }) })
        expect((await by.check(app, { baseUrl: github.url, prior: worked })).is).toBe('unanswered')
        expect((await by.mint(app, { baseUrl: github.url, prior: worked })).is).toBe('unanswered')
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})

describe("minting an installation's token", () => {
  beforeEach(() => {
    github.reset()
    enterprise.reset()
  })

  const mint = (app: AppCredential, repositoryIds?: string[]) =>
    apps().mint(app, { baseUrl: github.url, prior: worked, ...(repositoryIds ? { repositoryIds } : {}) })

  test('gives one that reads, and does nothing else, whatever the App may', async () => {
    const { app } = await scene({ permissions: { metadata: 'read', contents: 'write', administration: 'write' } })
    const minting = await mint(app)
    expect(minting).toMatchObject({
      ...{ is: 'minted', repositorySelection: 'all', permissions: { contents: 'read', metadata: 'read' } },
      expiresAt: expect.any(Date),
    })
  })

  test('gives one for the named repositories alone', async () => {
    const { app } = await scene()
    const { id } = github.repository({ fullName: 'acme/secret' })
    const minting = await mint(app, [String(id)])
    if (minting.is !== 'minted') throw new Error(minting.message)
    expect(minting.repositorySelection).toBe('selected')
    const clone = (name: string) =>
      lsRemote({ url: `${github.url}/${name}.git`, username: 'x-access-token', password: minting.token })
    expect((await clone('acme/secret')).kind).toBe('ok')
    expect((await clone('acme/shop')).kind).toBe('refused')
  })

  test('says what is wrong where there is none', async () => {
    const { app } = await scene({ repositories: ['acme/shop'] })
    const { id } = github.repository({ fullName: 'acme/secret' })
    expect(await mint(app, [String(id)])).toMatchObject({ is: 'answered', reason: 'repositoryNotSelected' })
    await github.changeInstallation({ id: 42, permissions: { metadata: 'read' } })
    expect(await mint(app)).toMatchObject({ outcome: 'error', reason: 'permissionMissing' })
    await github.changeInstallation({ id: 42, suspended: true })
    expect(await mint(app)).toMatchObject({ outcome: 'revoked', reason: 'installationSuspended' })
    github.fault({ kind: 'status', status: 502 })
    expect(await mint(app)).toMatchObject({ is: 'unanswered' })
  })

  test('never gives an organization the token of another, with the same numbers on two hosts at once', async () => {
    const { app } = await scene()
    enterprise.organization({ login: 'umbra' })
    enterprise.repository({ fullName: 'umbra/mine' })
    await enterprise.app({ owner: 'umbra', slug: 'umbra-deploys', id: 123 })
    const { pem } = await enterprise.appKey({ app: 123 })
    await enterprise.installation({ app: 123, account: 'umbra', id: 42 })
    const by = apps()
    const hosts = [
      { own: github, app, account: 'acme' },
      { own: enterprise, app: { ...app, pem }, account: 'umbra' },
    ]
    await Promise.all(
      Array.from({ length: 10 }).flatMap(() =>
        hosts.map(async ({ own, app, account }) => {
          const minting = await by.mint(app, { baseUrl: own.url, prior: firstCheck })
          if (minting.is !== 'minted') throw new Error(minting.message)
          const list = await guarded(`${own.apiUrl}/installation/repositories`, {
            headers: { authorization: `Bearer ${minting.token}` },
          })
          expect(await list.text()).toContain(`"full_name":"${account}/`)
        }),
      ),
    )
    const checks = await Promise.all(
      hosts.map(({ own, app }) => by.check(app, { baseUrl: own.url, prior: firstCheck })),
    )
    expect(checks.map((verdict) => [outcome(verdict), verdict.evidence.account?.login])).toEqual([
      ['active', 'acme'],
      ['active', 'umbra'],
    ])
    const shown = ({ requests }: GitHubSimulator) => requests.flatMap(({ credential }) => credential?.secret ?? [])
    const [here, there] = [new Set(shown(github)), new Set(shown(enterprise))]
    expect([...here].filter((secret) => there.has(secret))).toEqual([])
    expect([here.size, there.size].every((size) => size >= 12)).toBe(true)
  })
})
