import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { githubDescription, type Judge } from '../simulators/github/description.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'

let github: GitHubSimulator
let judge: Judge
let tokens: Record<string, string>

beforeAll(async () => {
  github = await startGitHub()
  judge = githubDescription()
  github.user({ login: 'ada', id: 7, name: 'Ada Sample', email: 'ada@example.com' })
  github.organization({ login: 'acme', members: { ada: 'push' } })
  github.organization({ login: 'walled', members: { ada: 'push' }, samlEnforced: true })
  github.repository({ fullName: 'acme/shop', branches: [{ name: 'main', protected: true }, { name: 'feature/x' }] })
  github.repository({ fullName: 'acme/old-name', pushedAt: '2025-01-02T03:04:05Z' })
  github.repository({ fullName: 'acme/empty', empty: true })
  github.repository({ fullName: 'ada/open', private: false, fork: true, archived: true })
  github.repository({ fullName: 'ada/taken-down', blocked: 'dmca' })
  github.repository({ fullName: 'walled/secret' })
  github.renameRepository({ from: 'acme/old-name', to: 'acme/new-name' })
  tokens = {
    classic: github.token({ user: 'ada', expiresAt: '2030-01-01T00:00:00Z' }),
    'with user scope': github.token({ user: 'ada', scopes: ['repo', 'user'] }),
    'fine-grained': github.token({ user: 'ada', kind: 'fine-grained', resourceOwner: 'acme' }),
    'without contents': github.token({
      user: 'ada',
      kind: 'fine-grained',
      resourceOwner: 'acme',
      permissions: { contents: 'none' },
    }),
    unknown: 'ghp_0123456789abcdefghij0123456789abcdef',
  }
})

afterAll(() => github[Symbol.asyncDispose]())

const CASES: [as: string, path: string, status: number][] = [
  ['classic', '/user', 200],
  ['with user scope', '/user', 200],
  ['fine-grained', '/user', 200],
  ['nobody', '/user', 401],
  ['unknown', '/user', 401],
  ['classic', '/user/repos', 200],
  ['classic', '/user/repos?sort=pushed&per_page=1&page=2', 200],
  ['classic', '/user/repos?type=all&visibility=all', 422],
  ['nobody', '/user/repos', 401],
  ['classic', '/user/orgs', 200],
  ['classic', '/rate_limit', 200],
  ['nobody', '/rate_limit', 200],
  ['nobody', '/meta', 200],
  ['classic', '/repos/acme/shop', 200],
  ['nobody', '/repos/ada/open', 200],
  ['classic', '/repos/acme/empty', 200],
  ['classic', '/repos/acme/old-name', 301],
  ['classic', '/repos/walled/secret', 403],
  ['nobody', '/repos/acme/shop', 404],
  ['classic', '/repos/ada/taken-down', 451],
  ['classic', '/repositories/ID', 200],
  ['classic', '/repositories/ID/branches', 200],
  ['classic', '/repositories/1', 404],
  ['classic', '/repos/acme/shop/branches', 200],
  ['classic', '/repos/acme/shop/branches?protected=true', 200],
  ['classic', '/repos/acme/empty/branches', 200],
  ['without contents', '/repos/acme/shop/branches', 403],
  ['classic', '/repos/acme/shop/branches/feature%2Fx', 200],
  ['classic', '/repos/acme/shop/branches/none', 404],
  ['classic', '/repos/acme/old-name/branches/main', 301],
  ['classic', '/orgs/acme', 200],
  ['classic', '/orgs/nobody', 404],
  ['classic', '/orgs/acme/repos', 200],
]

/** Routes that GitHub serves and its description leaves out; each answers as the route on the right does. */
const UNDESCRIBED: Record<string, string> = {
  'GET /repositories/{id}': 'GET /repos/{owner}/{repo}',
  'GET /repositories/{id}/branches': 'GET /repos/{owner}/{repo}/branches',
}

describe('an answer of the simulated GitHub', () => {
  test.each(CASES)('fits the description of GitHub: as %s, %s is %i', async (as, path, status) => {
    const id = github.repository({ fullName: 'ada/by-id' }).id
    const token = tokens[as]
    const answer = await fetch(github.apiUrl + path.replace('ID', String(id)), {
      redirect: 'manual',
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    })
    const route = github.requests.at(-1)?.route ?? 'none'
    const { faults } = judge(UNDESCRIBED[route] ?? route, answer.status, await answer.json())
    expect({ status: answer.status, faults }).toEqual({ status, faults: '' })
    expect(answer.headers.get('x-github-request-id')).toBeTruthy()
  })

  test('was compared for every route that takes tokens', () => {
    const compared = new Set(github.requests.map((request) => request.route))
    const own = [...github.routes].filter(
      (route) => !/ \/(login|app|applications|credentials|installation|user\/installations)(\/|$)/.test(route),
    )
    expect(own.filter((route) => !compared.has(route))).toEqual([])
  })

  test('would not pass with a field of the wrong kind', async () => {
    const answer = await fetch(`${github.apiUrl}/repos/ada/open`, { headers: { 'user-agent': 'test' } })
    const body: unknown = await answer.json()
    expect(judge('GET /repos/{owner}/{repo}', 200, { ...Object(body), id: 'twelve' }).faults).toContain('/id')
    expect(judge('GET /user/repos', 200, {}).faults).toContain('array')
  })
})

describe('an unexpected request', () => {
  test('gets the 404 of GitHub and fails the test that sent it', async () => {
    await using other = await startGitHub()
    const answer = await fetch(`${other.apiUrl}/gists`)
    expect(answer.status).toBe(404)
    expect(judge('GET /gists', 404, await answer.json()).faults).toBe('')
    expect(() => other.assertNothingUnexpected()).toThrow('/gists')
    expect(() => other.reset()).toThrow('/gists')
    expect(other.takeUnexpected()).toMatchObject([{ method: 'GET', path: '/gists', route: null }])
    other.assertNothingUnexpected()
  })

  test('fails the test at the latest when the simulator is closed', async () => {
    const other = await startGitHub()
    await fetch(`${other.apiUrl}/user`, { method: 'DELETE' })
    await expect(other[Symbol.asyncDispose]()).rejects.toThrow('DELETE')
  })
})
