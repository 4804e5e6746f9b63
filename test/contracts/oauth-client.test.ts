import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OAuthApplication } from '../../server/providers/oauth/application.ts'
import type { GrantOutcome } from '../../server/providers/oauth/grant.ts'
import { createOAuthClient } from '../../server/providers/oauth/oauth-client.ts'
import { createGuardedFetch } from '../../server/providers/transport/guarded-fetch.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import type { FaultInput } from '../simulators/faults/fault.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'
import { pressConsent } from '../simulators/press-consent.ts'

const BACK = 'https://app.example.com/oauth/callback/1'
const VERIFIER = 'a-verifier-that-is-longer-than-forty-three-characters'
const HOUR = 3600_000
const trusted = parseTrustedHosts('127.0.0.1')
const guarded = createGuardedFetch({ trustedHosts: trusted, userAgent: 'git-connections' })

let github: GitHubSimulator
let enterprise: GitHubSimulator
let gitlab: GitLabSimulator
let below: GitLabSimulator

beforeAll(async () => {
  github = await startGitHub()
  enterprise = await startGitHub({ layout: 'enterprise' })
  gitlab = await startGitLab()
  below = await startGitLab({ path: '/gitlab' })
})
afterAll(async () => {
  for (const simulator of [github, enterprise, gitlab, below]) await simulator[Symbol.asyncDispose]()
})

/** What the suite needs of one kind of application at one provider. */
interface World {
  readonly simulator: () => GitHubSimulator | GitLabSimulator
  readonly provider: OAuthApplication['provider']
  readonly register: () => { clientId: string; clientSecret: string }
  readonly withdraw: (clientId: string) => void
  readonly token: string
  readonly scopes: readonly string[]
  /** The scopes that are told with a token. */
  readonly told: readonly string[] | null
  /** Hours that an access token lives; null where it has no end, and nothing renews it. */
  readonly hours: number | null
}

function atGitHub(simulator: () => GitHubSimulator, kind: 'oauthApp' | 'app'): World {
  const app = kind === 'oauthApp'
  return {
    simulator,
    provider: 'github',
    register: () =>
      app ? simulator().oauthApp({ callbackUrl: BACK }) : simulator().app({ owner: 'ada', callbackUrls: [BACK] }),
    withdraw: (clientId) => simulator().withdraw({ clientId, user: 'ada' }),
    token: '/login/oauth/access_token',
    scopes: app ? ['repo', 'read:org'] : [],
    told: app ? ['repo', 'read:org'] : null,
    hours: app ? null : 8,
  }
}

function atGitLab(simulator: () => GitLabSimulator): World {
  const scopes = ['read_api', 'read_repository']
  return {
    ...{ simulator, provider: 'gitlab', token: '/oauth/token', scopes, told: scopes, hours: 2 },
    register: () => {
      const { uid, secret } = simulator().application({ redirectUris: [BACK] })
      return { clientId: uid, clientSecret: secret }
    },
    withdraw: (uid) => simulator().withdraw({ uid, user: 'ada' }),
  }
}

const worlds: [string, World][] = [
  ["GitHub's OAuth App", atGitHub(() => github, 'oauthApp')],
  ['a GitHub App', atGitHub(() => github, 'app')],
  ['a GitHub App of an Enterprise Server', atGitHub(() => enterprise, 'app')],
  ['GitLab', atGitLab(() => gitlab)],
  ['a GitLab below a path', atGitLab(() => below)],
]
const renewable = worlds.filter(([, { hours }]) => hours !== null)

let app: OAuthApplication

function begin({ simulator, provider, register }: World): void {
  const provided = simulator()
  provided.reset()
  if ('oauthApp' in provided) provided.user({ login: 'ada' })
  else provided.user({ username: 'ada' })
  const { clientId, clientSecret } = register()
  app = { provider, baseUrl: provided.url, clientId, clientSecret }
}

function client({ simulator }: World, fetch = guarded) {
  const urls = { url: github.url, apiUrl: github.apiUrl }
  return createOAuthClient({ fetch, clock: () => simulator().clock.now(), trusted: trusted.includes, github: urls })
}

/** Lets the person agree, and gives the code that they come back with. */
async function agree(world: World, scopes = world.scopes): Promise<string> {
  const request = { redirectUri: BACK, state: 'state-1', verifier: VERIFIER, scopes }
  const back = await pressConsent(await client(world).authorizationUrl(app, request), { user: 'ada' })
  expect(back.searchParams.get('state')).toBe('state-1')
  return back.searchParams.get('code') ?? ''
}

const returned = (code: string, more: Partial<Record<'redirectUri' | 'verifier', string>> = {}) => ({
  ...{ code, redirectUri: BACK, verifier: VERIFIER },
  ...more,
})

function tokensOf(outcome: GrantOutcome) {
  if (outcome.is !== 'granted') throw new Error(`no tokens: ${JSON.stringify(outcome)}`)
  return outcome.tokens
}

async function signIn(world: World) {
  return tokensOf(await client(world).exchange(app, returned(await agree(world))))
}

/** A pair that can be renewed. */
async function pairOf(world: World) {
  const { accessToken, refreshToken } = await signIn(world)
  if (refreshToken === null) throw new Error('no refresh token')
  return { accessToken, refreshToken }
}

/** Whether the provider's API takes a token. */
async function works({ simulator }: World, token: string): Promise<boolean> {
  const answer = await fetch(`${simulator().apiUrl}/user`, { headers: { authorization: `Bearer ${token}` } })
  return answer.status === 200
}

describe.each(worlds)('signing in through %s', (_, world) => {
  beforeEach(() => begin(world))

  test('gives a token that works, with its scopes and ends', async () => {
    const at = '2026-03-01T12:00:00Z'
    world.simulator().clock.set(at)
    const tokens = await signIn(world)
    const end = (hours: number | null) => (hours === null ? null : new Date(Date.parse(at) + hours * HOUR))
    expect(await works(world, tokens.accessToken)).toBe(true)
    expect(tokens.scopes === null ? null : [...tokens.scopes].sort()).toEqual(world.told && [...world.told].sort())
    expect(tokens.expiresAt).toEqual(end(world.hours))
    expect(tokens.refreshToken === null).toBe(world.hours === null)
    expect(tokens.refreshExpiresAt).toEqual(world.provider === 'github' && world.hours !== null ? end(184 * 24) : null)
  })

  test('is refused to somebody with another verifier', async () => {
    const code = await agree(world)
    const outcome = await client(world).exchange(app, returned(code, { verifier: VERIFIER.replace('a', 'b') }))
    expect(outcome).toMatchObject({ is: 'refused', fault: 'grant' })
  })

  test('takes a code once', async () => {
    const code = await agree(world)
    tokensOf(await client(world).exchange(app, returned(code)))
    expect(await client(world).exchange(app, returned(code))).toMatchObject({ is: 'refused', fault: 'grant' })
  })

  test("tells our own settings' faults from the person's", async () => {
    const code = await agree(world)
    const exchange = (change: Partial<OAuthApplication>) =>
      client(world).exchange({ ...app, ...change }, returned(code))
    expect(await exchange({ clientSecret: 'wrong' })).toMatchObject({ is: 'refused', fault: 'client' })
    expect(await exchange({ clientId: 'unknown' })).toMatchObject({ is: 'refused', fault: 'client' })
    tokensOf(await exchange({}))
  })

  test('is refused for another return address than the one that was asked with', async () => {
    const code = await agree(world)
    const outcome = await client(world).exchange(app, returned(code, { redirectUri: `${BACK}/other` }))
    // GitLab does not tell this from a dead code.
    expect(outcome).toMatchObject({ is: 'refused', fault: world.provider === 'github' ? 'client' : 'grant' })
  })

  test('is unknown when the answer is lost, and the code is used up by then', async () => {
    const code = await agree(world)
    world.simulator().fault({ kind: 'lost-answer', route: `POST ${world.token}`, times: 1 })
    expect((await client(world).exchange(app, returned(code))).is).toBe('unknown')
    expect(await client(world).exchange(app, returned(code))).toMatchObject({ is: 'refused', fault: 'grant' })
  })

  test('ends at the provider when it is revoked, and nobody else does', async () => {
    const other = await signIn(world)
    const { accessToken, refreshToken } = await signIn(world)
    expect(await client(world).revoke(app, { accessToken, refreshToken })).toMatchObject({ is: 'revoked' })
    expect(await works(world, accessToken)).toBe(false)
    if (refreshToken !== null) {
      expect(await client(world).refresh(app, refreshToken)).toMatchObject({ is: 'refused', fault: 'grant' })
    }
    expect(await works(world, other.accessToken)).toBe(true)
  })

  test('is not called ended when our settings are wrong', async () => {
    const { accessToken, refreshToken } = await signIn(world)
    const outcome = await client(world).revoke({ ...app, clientSecret: 'wrong' }, { accessToken, refreshToken })
    expect(outcome.is).toBe('notRevoked')
    expect(outcome.message).toMatch(/client id and secret/)
    expect(await works(world, accessToken)).toBe(true)
  })
})

test('signing in through GitHub is refused to an account without a verified e-mail address', async () => {
  const world = atGitHub(() => github, 'oauthApp')
  begin(world)
  github.changeUser({ login: 'ada', emailVerified: false })
  expect(await client(world).exchange(app, returned(await agree(world)))).toMatchObject({
    is: 'refused',
    fault: 'user',
    code: 'unverified_user_email',
  })
})

describe.each(renewable)('renewing a token of %s', (_, world) => {
  beforeEach(() => begin(world))

  test('gives a new pair and ends both old ones', async () => {
    const old = await pairOf(world)
    const fresh = tokensOf(await client(world).refresh(app, old.refreshToken))
    expect(fresh.refreshToken).not.toBe(old.refreshToken)
    expect(await works(world, fresh.accessToken)).toBe(true)
    expect(await works(world, old.accessToken)).toBe(false)
    const again = await client(world).refresh(app, old.refreshToken)
    expect(again).toMatchObject({ is: 'refused', fault: 'grant', message: expect.stringContaining('Sign in') })
    tokensOf(await client(world).refresh(app, fresh.refreshToken ?? ''))
  })

  test('is refused after the person withdrew their consent', async () => {
    const { refreshToken } = await pairOf(world)
    world.withdraw(app.clientId)
    expect(await client(world).refresh(app, refreshToken)).toMatchObject({ is: 'refused', fault: 'grant' })
  })

  test('is a fault of our settings when those are wrong, and works once they are right', async () => {
    const { refreshToken } = await pairOf(world)
    const wrong = await client(world).refresh({ ...app, clientSecret: 'wrong' }, refreshToken)
    expect(wrong).toMatchObject({ is: 'refused', fault: 'client' })
    tokensOf(await client(world).refresh(app, refreshToken))
  })

  test('is unknown when the answer is lost: the old pair is dead by then', async () => {
    const { accessToken, refreshToken } = await pairOf(world)
    world.simulator().fault({ kind: 'lost-answer', route: `POST ${world.token}`, times: 1 })
    expect((await client(world).refresh(app, refreshToken)).is).toBe('unknown')
    expect(await works(world, accessToken)).toBe(false)
    expect(await client(world).refresh(app, refreshToken)).toMatchObject({ is: 'refused', fault: 'grant' })
  })

  test('is unknown when nobody waits any longer, though nothing was done', async () => {
    const { accessToken, refreshToken } = await pairOf(world)
    const hung = world.simulator().fault({ kind: 'hang', route: `POST ${world.token}` })
    const late = new AbortController()
    const impatient = (url: string, init?: RequestInit) => guarded(url, { ...init, signal: late.signal })
    const outcome = client(world, impatient).refresh(app, refreshToken)
    await vi.waitFor(() => expect(hung.hits).toBe(1), { timeout: 10_000 })
    late.abort()
    expect((await outcome).is).toBe('unknown')
    expect(await works(world, accessToken)).toBe(true)
  })

  const answers: [string, FaultInput, GrantOutcome['is']][] = [
    ['unknown when the server fails', { kind: 'status', status: 503 }, 'unknown'],
    ['unknown when a page answers 502', { kind: 'html' }, 'unknown'],
    ['unknown when a page answers 200', { kind: 'html', status: 200 }, 'unknown'],
    ['unknown when garbage comes', { kind: 'garbage' }, 'unknown'],
    ['unknown when nothing comes', { kind: 'empty' }, 'unknown'],
    ['unknown when it is no HTTP', { kind: 'not-http' }, 'unknown'],
    ['unknown when the connection breaks', { kind: 'reset' }, 'unknown'],
    ['unknown when the answer is cut', { kind: 'cut' }, 'unknown'],
    ['unknown when the answer is a bomb', { kind: 'gzip-bomb', sizeBytes: 20_000_000 }, 'unknown'],
    ['unknown when it is led elsewhere', { kind: 'redirect', location: 'http://127.0.0.1:1/' }, 'unknown'],
    ['not done when there were too many calls', { kind: 'rate-limit-secondary', status: 429 }, 'notDone'],
  ]
  test.each(answers)('is %s, and shows no secret', async (_, fault, is) => {
    const { refreshToken } = await pairOf(world)
    world.simulator().fault({ ...fault, route: `POST ${world.token}` })
    const outcome = await client(world).refresh(app, refreshToken)
    expect(outcome.is).toBe(is)
    for (const secret of [refreshToken, app.clientSecret]) expect(JSON.stringify(outcome)).not.toContain(secret)
  })
})
