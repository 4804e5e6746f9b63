import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { githubDescription } from '../simulators/github/description.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { pressConsent } from '../simulators/press-consent.ts'
import { sendStated, statedAnswers, type Values } from './stated-answers.ts'

const { topics, compare } = statedAnswers('github-oauth')
const CALLBACK = 'https://app.example.com/back'
const VERIFIER = 'a-verifier-that-is-longer-than-forty-three-characters'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const MONTHS = 15_897_600_000

describe.each(['github.com', 'enterprise'] as const)('the OAuth side of a GitHub laid out as %s', (layout) => {
  let github: GitHubSimulator
  let values: Values

  beforeAll(async () => {
    github = await startGitHub({ layout, now: () => new Date('2026-03-01T12:00:00Z') })
    github.user({ login: 'ada', id: 7 })
    github.user({ login: 'grace' })
    github.user({ login: 'bo', suspended: true })
    values = cast(github)
  })
  afterAll(() => github[Symbol.asyncDispose]())

  // GitHub Enterprise Server has no route that takes found credentials.
  const served = topics.map(({ topic, cases }) => ({
    topic,
    cases: cases.filter(({ path }) => layout === 'github.com' || path !== '/credentials/revoke'),
  }))
  describe.each(served)('($topic)', ({ cases }) => {
    test.each(cases)('$name', async (stated) => {
      const root = stated.path.startsWith('/login') ? github.url : github.apiUrl
      await compare(await sendStated(stated, root, values), stated)
    })
  })

  test('was compared for every route that it serves', () => {
    const compared = new Set(github.requests.map((request) => request.route))
    const own = [...github.routes].filter((route) => / \/(login|applications|credentials)\//.test(route))
    expect(own.length).toBe(layout === 'github.com' ? 7 : 6)
    expect(own.filter((route) => !compared.has(route))).toEqual([])
  })
})

describe('an answer to an application', () => {
  const judge = githubDescription()
  const { cases = [] } = topics.find(({ topic }) => topic === 'tokens told and revoked') ?? {}

  test.each(cases)('fits the description of GitHub: $name', async (stated) => {
    await using github = await startGitHub({ now: () => new Date('2026-03-01T12:00:00Z') })
    github.user({ login: 'ada', id: 7 })
    const answer = await sendStated(stated, github.apiUrl, cast(github))
    const text = await answer.text()
    const { faults } = judge(github.requests.at(-1)?.route ?? '', answer.status, text === '' ? null : JSON.parse(text))
    expect(faults).toBe('')
  })
})

/** Registers what the cases name, and gives what stands for each name in braces. */
function cast(github: GitHubSimulator): Values {
  const app = github.oauthApp({ callbackUrl: CALLBACK })
  const local = github.oauthApp({ callbackUrl: 'http://127.0.0.1/back' })
  const suspended = github.oauthApp({ callbackUrl: CALLBACK, suspended: true })
  const callbackUrls = [CALLBACK, 'https://app.example.com/second']
  const githubApp = github.app({ owner: 'ada', callbackUrls })
  const endless = github.app({ owner: 'ada', callbackUrls, userTokensExpire: false })

  const code = async (clientId: string, more: Record<string, string> = {}, user = 'ada') => {
    const query = new URLSearchParams({ client_id: clientId, scope: 'repo read:org', ...more })
    const back = await pressConsent(`${github.url}/login/oauth/authorize?${query}`, { user })
    return back.searchParams.get('code') ?? ''
  }
  const ask = (client: typeof app, fields: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: client.clientId, client_secret: client.clientSecret, ...fields })
    return fetch(`${github.url}/login/oauth/access_token`, { method: 'POST', body })
  }
  const earlier = async <Made>(milliseconds: number, make: () => Made | Promise<Made>): Promise<Made> => {
    github.clock.advance(-milliseconds)
    const made = await make()
    github.clock.advance(milliseconds)
    return made
  }
  const grant = (clientId: string) => {
    const { accessToken, refreshToken } = github.grant({ clientId, user: 'ada' })
    return { access: accessToken, refresh: refreshToken ?? '' }
  }
  const pair = (client: typeof app, secret = client.clientSecret) => btoa(`${client.clientId}:${secret}`)
  return {
    id: () => app.clientId,
    secret: () => app.clientSecret,
    'id and secret': () => pair(app),
    'id and wrong secret': () => pair(app, 'wrong'),
    'local id': () => local.clientId,
    'suspended id': () => suspended.clientId,
    'app id': () => githubApp.clientId,
    'app secret': () => githubApp.clientSecret,
    'app id and secret': () => pair(githubApp),
    'endless id': () => endless.clientId,
    'endless secret': () => endless.clientSecret,
    verifier: () => VERIFIER,
    code: () => code(app.clientId),
    'code with challenge': () => code(app.clientId, { code_challenge: CHALLENGE, code_challenge_method: 'S256' }),
    'app code': () => code(githubApp.clientId),
    'endless code': () => code(endless.clientId),
    'old code': () => earlier(600_000, () => code(app.clientId)),
    'used code': async () => {
      const used = await code(app.clientId)
      await ask(app, { code: used })
      return used
    },
    'code of unverified': async () => {
      github.user({ login: 'newcomer', emailVerified: false })
      return code(app.clientId, {}, 'newcomer')
    },
    'access token': () => grant(app.clientId).access,
    'app access token': () => grant(githubApp.clientId).access,
    'dead access token': () => {
      const token = grant(app.clientId).access
      github.revoke({ token })
      return token
    },
    'refresh token': () => grant(githubApp.clientId).refresh,
    'old refresh token': () => earlier(MONTHS, () => grant(githubApp.clientId).refresh),
    'ageing refresh token': () => earlier(MONTHS - 86_400_000, () => grant(githubApp.clientId).refresh),
    'used refresh token': async () => {
      const token = grant(githubApp.clientId).refresh
      await ask(githubApp, { grant_type: 'refresh_token', refresh_token: token })
      return token
    },
  }
}
