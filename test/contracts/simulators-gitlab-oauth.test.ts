import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'
import { pressConsent } from '../simulators/press-consent.ts'
import { sendStated, statedAnswers, type Values } from './stated-answers.ts'

const { topics, compare } = statedAnswers('gitlab-oauth')
const CALLBACK = 'https://app.example.com/back'
const VERIFIER = 'a-verifier-that-is-longer-than-forty-three-characters'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const SCOPES = ['read_api', 'read_repository']

const answered = z.looseObject({
  access_token: z.string().default(''),
  refresh_token: z.string().default(''),
  error: z.string().optional(),
})

function people(gitlab: GitLabSimulator): void {
  gitlab.user({ username: 'ada', id: 7 })
  gitlab.user({ username: 'grace', id: 8 })
  gitlab.user({ username: 'bo', state: 'blocked' })
  gitlab.project({ path: 'ada/shop' })
}

const register = (gitlab: GitLabSimulator) =>
  gitlab.application({ redirectUris: [CALLBACK, 'http://127.0.0.1:3000/back', 'http://localhost:3000/back'] })

type Asking = { uid: string; challenge?: string | null; scope?: string }

function authorizeUrl(gitlab: GitLabSimulator, { uid, challenge = CHALLENGE, scope = SCOPES.join(' ') }: Asking): URL {
  const url = new URL(`${gitlab.url}/oauth/authorize`)
  const query = { client_id: uid, redirect_uri: CALLBACK, response_type: 'code', state: 'xyz', scope }
  url.search = String(new URLSearchParams(query))
  if (challenge === null) return url
  url.searchParams.set('code_challenge', challenge)
  url.searchParams.set('code_challenge_method', 'S256')
  return url
}

async function codeFor(gitlab: GitLabSimulator, asking: Asking): Promise<string> {
  const back = await pressConsent(authorizeUrl(gitlab, asking), { user: 'ada' })
  return back.searchParams.get('code') ?? ''
}

async function exchange(gitlab: GitLabSimulator, code: string, { uid, secret }: { uid: string; secret: string }) {
  const more = { code, redirect_uri: CALLBACK, code_verifier: VERIFIER }
  return ask(gitlab, { grant_type: 'authorization_code', client_id: uid, client_secret: secret, ...more })
}

async function ask(gitlab: GitLabSimulator, fields: Record<string, string>) {
  const answer = await fetch(`${gitlab.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) })
  return answered.parse(await answer.json())
}

describe.each(['', '/gitlab'])('the OAuth side of a GitLab below "%s"', (path) => {
  let gitlab: GitLabSimulator
  let values: Values

  beforeAll(async () => {
    gitlab = await startGitLab({ path, now: () => new Date('2026-03-09T23:59:59Z') })
    people(gitlab)
    gitlab.consent({ user: 'ada' })
    const application = register(gitlab)
    const other = register(gitlab)
    const { uid } = gitlab.application({ redirectUris: [CALLBACK], confidential: false })
    const grant = (user = 'ada') => gitlab.grant({ uid: application.uid, user, scopes: SCOPES })
    const earlier = async <Made>(at: string, make: () => Made | Promise<Made>): Promise<Made> => {
      gitlab.clock.set(at)
      const made = await make()
      gitlab.clock.set(null)
      return made
    }
    values = {
      id: () => application.uid,
      secret: () => application.secret,
      'id and secret': () => btoa(`${application.uid}:${application.secret}`),
      'other id': () => other.uid,
      'other secret': () => other.secret,
      'public id': () => uid,
      callback: () => CALLBACK,
      verifier: () => VERIFIER,
      code: () => codeFor(gitlab, application),
      'code without challenge': () => codeFor(gitlab, { uid: application.uid, challenge: null }),
      'code of public': () => codeFor(gitlab, { uid }),
      'old code': () => earlier('2026-03-09T23:49:59Z', () => codeFor(gitlab, application)),
      'used code': async () => {
        const code = await codeFor(gitlab, application)
        await exchange(gitlab, code, application)
        return code
      },
      'access token': () => grant().accessToken,
      'refresh token': () => grant().refreshToken ?? '',
      'refresh token of blocked': () => grant('bo').refreshToken ?? '',
      'year-old refresh token': () => earlier('2025-03-09T00:00:00Z', () => grant().refreshToken ?? ''),
      'dead access token': () => {
        const token = grant().accessToken
        gitlab.revoke({ token })
        return token
      },
      'used refresh token': async () => {
        const token = grant().refreshToken ?? ''
        const client = { client_id: application.uid, client_secret: application.secret }
        await ask(gitlab, { grant_type: 'refresh_token', refresh_token: token, ...client })
        return token
      },
    }
  })
  afterAll(() => gitlab[Symbol.asyncDispose]())

  describe.each(topics)('($topic)', ({ cases }) => {
    test.each(cases)('$name', async (stated) => compare(await sendStated(stated, gitlab.url, values), stated))
  })

  test('was compared for every route that it serves', () => {
    const compared = new Set(gitlab.requests.map((request) => request.route))
    const own = [...gitlab.routes].filter((route) => / \/(oauth|\.well-known)\//.test(route))
    expect(own.length).toBeGreaterThan(5)
    expect(own.filter((route) => !compared.has(route))).toEqual([])
  })
})

describe('a pair of tokens of the simulated GitLab', () => {
  let gitlab: GitLabSimulator
  let application: ReturnType<typeof register>

  beforeEach(async () => {
    gitlab = await startGitLab()
    people(gitlab)
    application = register(gitlab)
  })
  afterEach(() => gitlab[Symbol.asyncDispose]())

  const granted = (user = 'ada') => {
    const { accessToken, refreshToken } = gitlab.grant({ uid: application.uid, user, scopes: SCOPES })
    return { access: accessToken, refresh: refreshToken ?? '' }
  }
  const renew = (refreshToken: string) => {
    const client = { client_id: application.uid, client_secret: application.secret }
    return ask(gitlab, { grant_type: 'refresh_token', refresh_token: refreshToken, ...client })
  }
  const user = async (token: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) => {
    const answer = await fetch(`${gitlab.apiUrl}/user`, { headers })
    return `${answer.status} ${await answer.text()}`
  }

  /** @see https://docs.gitlab.com/api/oauth2/ */
  test('ends whole when it is renewed, and the reason is told', async () => {
    const { access, refresh } = granted()
    const next = await renew(refresh)
    expect(await user(next.access_token)).toContain('"username":"ada"')
    expect(await user(access)).toContain('Token was revoked. You have to re-authorize from the user.')
    expect((await renew(refresh)).error).toBe('invalid_grant')
    expect((await renew(next.refresh_token)).error).toBeUndefined()
  })

  test('is renewed by one of two who try at once', async () => {
    const { refresh } = granted()
    const errors = (await Promise.all([renew(refresh), renew(refresh)])).map(({ error }) => error ?? 'none')
    expect(errors.sort()).toEqual(['invalid_grant', 'none'])
  })

  test('is lost when the answer is lost on the way', async () => {
    const { access, refresh } = granted()
    gitlab.fault({ kind: 'lost-answer', token: refresh, times: 1 })
    await expect(renew(refresh)).rejects.toThrow()
    expect(await user(access)).toContain('Token was revoked.')
    expect((await renew(refresh)).error).toBe('invalid_grant')
  })

  /** @see https://docs.gitlab.com/api/oauth2/#access-token-expiration */
  test('opens the API for two hours, and is renewed after any time', async () => {
    const { access, refresh } = granted()
    gitlab.clock.advance(7_199_000)
    expect(await user(access)).toMatch(/^200/)
    gitlab.clock.advance(1000)
    expect(await user(access)).toContain('Token is expired. You can either do re-authorization or token refresh.')
    gitlab.clock.advance(365 * 86_400_000)
    expect(await user((await renew(refresh)).access_token)).toMatch(/^200/)
  })

  test('opens the API as a bearer and git as a password, and nothing in the header of other tokens', async () => {
    const { access } = granted()
    expect(await user(access, { 'private-token': access })).toBe('401 {"message":"401 Unauthorized"}')
    const url = `${gitlab.url}/ada/shop.git`.replace('//', `//oauth2:${access}@`)
    const { stdout } = await promisify(execFile)('git', ['ls-remote', url, 'HEAD'])
    expect(stdout).toContain('HEAD')
  })

  /** @see https://github.com/doorkeeper-gem/doorkeeper/blob/main/app/controllers/doorkeeper/tokens_controller.rb */
  test.each(['access', 'refresh'] as const)('ends whole when the application revokes its %s token', async (which) => {
    const pair = granted()
    const client = { client_id: application.uid, client_secret: application.secret }
    const body = new URLSearchParams({ ...client, token: pair[which] })
    expect((await fetch(`${gitlab.url}/oauth/revoke`, { method: 'POST', body })).status).toBe(200)
    expect(await user(pair.access)).toContain('Token was revoked.')
    expect((await renew(pair.refresh)).error).toBe('invalid_grant')
  })

  test('ends when its owner takes it back, and no one else does', async () => {
    const [ada, grace] = [granted(), granted('grace')]
    gitlab.withdraw({ uid: application.uid, user: 'ada' })
    expect(await user(ada.access)).toContain('Token was revoked.')
    expect((await renew(ada.refresh)).error).toBe('invalid_grant')
    expect(await user(grace.access)).toMatch(/^200/)
  })

  test('is renewed for a blocked person, whom the API refuses', async () => {
    const { refresh } = granted()
    gitlab.changeUser({ username: 'ada', state: 'blocked' })
    const next = await renew(refresh)
    expect(await user(next.access_token)).toContain('403 Forbidden - Your account has been blocked.')
  })

  /** @see https://docs.gitlab.com/integration/oauth_provider/ */
  test('is gone with its application: nothing tells what it was', async () => {
    const { access, refresh } = granted()
    gitlab.removeApplication({ uid: application.uid })
    expect(await user(access)).toBe('401 {"message":"401 Unauthorized"}')
    expect((await renew(refresh)).error).toBe('invalid_grant')
  })

  test.each([true, false])('ends by the second use of its code where the instance says so: %s', async (ends) => {
    gitlab.settings({ codeReuseRevokes: ends })
    const code = await codeFor(gitlab, application)
    const { access_token } = await exchange(gitlab, code, application)
    expect((await exchange(gitlab, code, application)).error).toBe('invalid_grant')
    expect(await user(access_token)).toMatch(ends ? /^401/ : /^200/)
  })

  test('is refused as unknown while the replicas have not heard of it', async () => {
    gitlab.replicaLag({ requests: 2 })
    const { access } = granted()
    const answers = [await user(access), await user(access), await user(access)].map((answer) => answer.slice(0, 3))
    expect(answers).toEqual(['401', '401', '200'])
    gitlab.replicaLag({ milliseconds: 5000 })
    const later = granted().access
    expect(await user(later)).toBe('401 {"message":"401 Unauthorized"}')
    gitlab.clock.advance(5000)
    expect(await user(later)).toMatch(/^200/)
  })

  test('belongs to whoever is signed in at the page, switched there or from outside', async () => {
    const whose = async (press: Parameters<typeof pressConsent>[1]) => {
      const back = await pressConsent(authorizeUrl(gitlab, application), press)
      return user((await exchange(gitlab, back.searchParams.get('code') ?? '', application)).access_token)
    }
    expect(await whose({})).toContain('"username":"ada"')
    expect(await whose({ user: 'grace' })).toContain('"username":"grace"')
    gitlab.consent({ user: 'grace' })
    expect(await whose({})).toContain('"username":"grace"')
    await expect(whose({ user: 'bo' })).rejects.toThrow('Nothing to press')
  })

  test('has the scopes that were granted, which may be fewer', async () => {
    gitlab.consent({ scopes: ['read_user'] })
    const { scope } = await exchange(gitlab, await codeFor(gitlab, application), application)
    expect(scope).toBe('read_user')
  })

  test('is not made where the person is not even asked', async () => {
    gitlab.consent({ answer: 'cancel' })
    expect((await pressConsent(authorizeUrl(gitlab, application))).searchParams.get('error')).toBe('access_denied')
    gitlab.consent({ answer: 'authorize' })
    expect((await pressConsent(authorizeUrl(gitlab, application))).searchParams.get('code')).toBeTruthy()
  })

  test('is asked for in requests that are recorded with their fields and the host they went to', async () => {
    const { refresh } = granted()
    await renew(refresh)
    expect(gitlab.requests.at(-1)).toMatchObject({
      route: 'POST /oauth/token',
      host: new URL(gitlab.url).host,
      body: { refresh_token: refresh, client_secret: application.secret },
    })
  })
})
