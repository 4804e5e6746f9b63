import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { githubDescription } from '../simulators/github/description.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { claimsAt, signed } from './app-jwt.ts'
import { sendStated, statedAnswers, type Values } from './stated-answers.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const SECONDS = NOW.getTime() / 1000
const { topics, compare } = statedAnswers('github-app')
const judge = githubDescription()

let github: GitHubSimulator
let values: Values

beforeAll(async () => {
  github = await startGitHub({ now: () => NOW })
  values = await cast()
})
afterAll(() => github[Symbol.asyncDispose]())

describe.each(topics)('at the simulated GitHub ($topic)', ({ cases }) => {
  test.each(cases)('$name', async (stated) => {
    const answer = await sendStated(stated, github.apiUrl, values)
    const text = await answer.clone().text()
    await compare(answer, stated)
    expect(faultsOf(answer.status, text === '' ? null : JSON.parse(text))).toEqual([])
    expect(answer.headers.get('x-github-request-id')).toBeTruthy()
  })
})

/** Where the last answer does not fit GitHub's own description. */
function faultsOf(status: number, body: unknown): string[] {
  const route = github.requests.at(-1)?.route ?? ''
  // The description of the list wants an account to be a person and an enterprise at once, that of each does not.
  const each = route === 'GET /app/installations' && Array.isArray(body)
  const judged = each
    ? body.map((one: unknown) => judge('GET /app/installations/{installation_id}', status, one))
    : [judge(route, status, body)]
  return judged.map(({ faults }) => faults).filter((faults) => faults !== '')
}

test('every route of Apps was compared', () => {
  const compared = new Set(github.requests.map((request) => request.route))
  const own = [...github.routes].filter((route) => / \/(app|installation|user\/installations)(\/|$)/.test(route))
  expect(own).toHaveLength(7)
  expect(own.filter((route) => !compared.has(route))).toEqual([])
})

test('the form of installation tokens on GitHub Enterprise Server is the short one', async () => {
  await using enterprise = await startGitHub({ layout: 'enterprise', now: () => NOW })
  enterprise.user({ login: 'ada' })
  const { id } = enterprise.app({ owner: 'ada' })
  const { pem } = await enterprise.appKey({ app: id })
  const installation = enterprise.installation({ app: id, account: 'ada' })
  const headers = { authorization: `Bearer ${signed(claimsAt(NOW, id), pem)}` }
  const url = `${enterprise.apiUrl}/app/installations/${installation.id}/access_tokens`
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'x-github-stateless-s2s-token': 'enabled' },
  })
  expect(await answer.json()).toMatchObject({ token: expect.stringMatching(/^ghs_[A-Za-z0-9]{36}$/) })
})

/** Declares what the cases name, and gives what stands for each name in braces. */
async function cast(): Promise<Values> {
  for (const login of ['ada', 'eve']) github.user({ login })
  for (const login of ['acme', 'globex']) github.organization({ login, members: { ada: 'push' } })
  for (const [id, name] of [
    [31, 'shop'],
    [32, 'addons'],
    [33, 'secret'],
  ] as const)
    github.repository({ fullName: `acme/${name}`, id })
  github.repository({ fullName: 'globex/site' })

  const permissions = { metadata: 'read', contents: 'write' } as const
  const app = github.app({ owner: 'acme', id: 77, name: 'Deployer', permissions, callbackUrls: ['https://a.example/'] })
  const [key, second, deleted] = [
    await github.appKey({ app: 77 }),
    await github.appKey({ app: 77 }),
    await github.appKey({ app: 77 }),
  ]
  github.removeAppKey({ app: 77, fingerprint: deleted.fingerprint })
  const other = github.app({ owner: 'eve', id: 78, name: 'Other' })
  const foreign = await github.appKey({ app: 78 })
  const keyless = github.app({ owner: 'eve', id: 79, name: 'Keyless' })
  const fresh = github.app({ owner: 'eve', id: 80, name: 'Fresh' })
  const freshKey = await github.appKey({ app: 80, hiddenForMilliseconds: 5000 })

  github.installation({ app: 77, id: 501, account: 'acme', repositories: ['acme/shop', 'acme/addons'] })
  github.installation({ app: 77, id: 502, account: 'eve', suspended: true })
  github.installation({ app: 77, id: 503, account: 'globex' })
  github.installation({ app: 77, id: 504, account: 'ada' })
  github.uninstall({ id: 504 })
  github.installation({ app: 78, id: 601, account: 'acme' })

  const jwt = (claims: object = {}, pem = key.pem) => signed({ ...claimsAt(NOW, 77), ...claims }, pem)
  const minted = async (installation: number, body: object = {}): Promise<string> => {
    const url = `${github.apiUrl}/app/installations/${installation}/access_tokens`
    const headers = { authorization: `Bearer ${jwt()}`, 'content-type': 'application/json' }
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return z.object({ token: z.string() }).parse(await answer.json()).token
  }
  return {
    jwt: () => jwt(),
    'jwt by digits': () => jwt({ iss: '77' }),
    'jwt by client id': () => jwt({ iss: app.clientId }),
    'jwt by second key': () => jwt({}, second.pem),
    'jwt for ten minutes': () => jwt({ exp: SECONDS + 600 }),
    'jwt by foreign key': () => jwt({}, foreign.pem),
    'jwt by deleted key': () => jwt({}, deleted.pem),
    'altered jwt': () => {
      const [head, , proof] = jwt().split('.')
      return `${head}.${Buffer.from(JSON.stringify(claimsAt(NOW, 78))).toString('base64url')}.${proof}`
    },
    'jwt without algorithm': () => signed(claimsAt(NOW, 77), key.pem, 'none'),
    'jwt by slug': () => jwt({ iss: 'deployer' }),
    'jwt by unknown id': () => jwt({ iss: 99 }),
    'jwt of keyless App': () => jwt({ iss: keyless.id }),
    'jwt of fresh App': () => jwt({ iss: fresh.id }, freshKey.pem),
    'jwt that is over': () => jwt({ exp: SECONDS }),
    'jwt without end': () => jwt({ exp: undefined }),
    'jwt for too long': () => jwt({ exp: SECONDS + 601 }),
    'jwt from the future': () => jwt({ iat: SECONDS + 1 }),
    'jwt without beginning': () => jwt({ iat: undefined }),
    "person's token": () => github.token({ user: 'ada' }),
    "App user's token": () => github.grant({ clientId: app.clientId, user: 'ada' }).accessToken,
    'installation token': () => minted(501),
    'narrow installation token': () => minted(501, { repositories: ['shop'] }),
    'installation token for all': () => minted(503),
    'installation token without contents': () => minted(501, { permissions: { metadata: 'read' } }),
    'other id': () => String(other.id),
  }
}
