import { execFile } from 'node:child_process'
import { createHash, createPublicKey } from 'node:crypto'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { claimsAt, signed } from './app-jwt.ts'

const MINUTE = 60_000
const made = z.looseObject({ token: z.string().default(''), message: z.string().optional() })

let github: GitHubSimulator
let key: { pem: string; fingerprint: string }
let id: number
/** What the caller believes the time to be. */
let now: Date

beforeEach(async () => {
  now = new Date('2026-03-01T12:00:00Z')
  github = await startGitHub({ now: () => now })
  github.user({ login: 'ada' })
  github.organization({ login: 'acme', members: { ada: 'push' } })
  github.organization({ login: 'globex' })
  for (const fullName of ['acme/shop', 'acme/secret', 'globex/site', 'ada/own']) github.repository({ fullName })
  github.repository({ fullName: 'globex/open', private: false })
  github.app({ owner: 'acme', id: 77, callbackUrls: ['https://app.example.com/back'] })
  key = await github.appKey({ app: 77 })
  id = github.installation({ app: 77, account: 'acme', repositories: ['acme/shop'] }).id
})
afterEach(() => github[Symbol.asyncDispose]())

const ask = (path: string, authorization: string, init: RequestInit = {}) =>
  fetch(github.apiUrl + path, { ...init, headers: { ...init.headers, authorization } })

async function mint(body: object = {}, pem = key.pem) {
  const jwt = `Bearer ${signed(claimsAt(now, 77), pem)}`
  const headers = { 'content-type': 'application/json' }
  const path = `/app/installations/${id}/access_tokens`
  return made.parse(await (await ask(path, jwt, { method: 'POST', headers, body: JSON.stringify(body) })).json())
}

async function list(token: string): Promise<string> {
  const answer = await ask('/installation/repositories', `Bearer ${token}`)
  const { message, repositories } = z
    .looseObject({ message: z.string(), repositories: z.array(z.looseObject({ full_name: z.string() })) })
    .partial()
    .parse(await answer.json())
  return message ?? (repositories ?? []).map(({ full_name }) => full_name).join(' ')
}

async function git(token: string, name: string): Promise<string> {
  const url = `${github.url}/${name}.git`.replace('//', `//x-access-token:${token}@`)
  const env = { PATH: process.env.PATH, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' }
  try {
    return (await promisify(execFile)('git', ['ls-remote', url, 'HEAD'], { env })).stdout.slice(-5).trim()
  } catch (error) {
    return /remote: (.*)/.exec(String(Object(error).stderr))?.[1] ?? String(error)
  }
}

/** @see https://docs.github.com/rest/apps/installations */
describe('a token of an installation at the simulated GitHub', () => {
  test('works for an hour', async () => {
    const { token } = await mint()
    github.clock.advance(60 * MINUTE - 1000)
    expect(await list(token)).toBe('acme/shop')
    github.clock.advance(1000)
    expect(await list(token)).toBe('Bad credentials')
  })

  test('is refused as unknown while the replicas have not heard of it', async () => {
    github.replicaLag({ requests: 1, milliseconds: 2000 })
    const { token } = await mint()
    expect([await list(token), await list(token)]).toEqual(['Bad credentials', 'Bad credentials'])
    github.clock.advance(2000)
    expect(await list(token)).toBe('acme/shop')
  })

  test('ends itself', async () => {
    const { token } = await mint()
    expect((await ask('/installation/token', `Bearer ${token}`, { method: 'DELETE' })).status).toBe(204)
    expect(await list(token)).toBe('Bad credentials')
  })

  test('is shut out while its installation is suspended, and works again after', async () => {
    const { token } = await mint()
    github.changeInstallation({ id, suspended: true })
    expect(await list(token)).toBe('This installation has been suspended')
    expect((await mint()).message).toBe('This installation has been suspended')
    github.changeInstallation({ id, suspended: false })
    expect(await list(token)).toBe('acme/shop')
  })

  test('ends with its installation', async () => {
    const { token } = await mint()
    github.uninstall({ id })
    expect([await list(token), (await mint()).message]).toEqual(['Bad credentials', 'Not Found'])
  })

  test('ends with its App', async () => {
    const { token } = await mint()
    const { accessToken } = github.grant({ clientId: github.app({ owner: 'ada', id: 78 }).clientId, user: 'ada' })
    github.removeApp({ app: 77 })
    expect([await list(token), (await mint()).message]).toEqual(['Bad credentials', 'Integration not found'])
    expect((await ask('/user', `Bearer ${accessToken}`)).status).toBe(200)
  })

  test('outlives the key that it was asked for with', async () => {
    const second = await github.appKey({ app: 77 })
    const { token } = await mint()
    github.removeAppKey({ app: 77, fingerprint: key.fingerprint })
    expect(await list(token)).toBe('acme/shop')
    expect((await mint()).message).toBe('A JSON web token could not be decoded')
    expect((await mint({}, second.pem)).message).toBeUndefined()
  })

  test('follows what the owner grants since', async () => {
    const { token } = await mint()
    github.changeInstallation({ id, repositories: 'all', permissions: { metadata: 'read' } })
    expect(await list(token)).toBe('acme/shop acme/secret')
    const wanted = await mint({ permissions: { contents: 'read' } })
    expect(wanted.message).toBe('The permissions requested are not granted to this installation.')
  })

  test('is turned away by the organization from a refused address, as the JWT is', async () => {
    const { token } = await mint()
    github.changeOrganization({ login: 'acme', ipRefused: '203.0.113.5' })
    const refused = expect.stringContaining('has an IP allow list enabled, and 203.0.113.5 is not permitted')
    expect([await list(token), (await mint()).message]).toEqual([refused, refused])
  })

  test('draws from an allowance of its installation', async () => {
    github.rateLimit({ perHour: 1 })
    const { token } = await mint()
    await list(token)
    expect(await list((await mint()).token)).toBe(`API rate limit exceeded for installation ID ${id}.`)
    expect((await ask('/user', `Bearer ${github.token({ user: 'ada' })}`)).status).toBe(200)
  })
})

describe('the git side of the simulated GitHub, to an App', () => {
  test.each(['long', 'short'] as const)('opens the chosen repositories to an installation: %s form', async (form) => {
    github.installationTokens({ form })
    const { token } = await mint()
    expect(await git(token, 'acme/shop')).toBe('HEAD')
    expect(await git(token, 'acme/secret')).toBe('Write access to repository not granted.')
    expect(await git(token, 'globex/site')).toBe('Repository not found.')
    expect(await git(token, 'globex/open')).toBe('HEAD')
  })

  test('is closed without the contents permission, to a narrowed token, and when all is over', async () => {
    const granted = 'Write access to repository not granted.'
    expect(await git((await mint({ permissions: { metadata: 'read' } })).token, 'acme/shop')).toBe(granted)
    github.changeInstallation({ id, repositories: ['acme/shop', 'acme/secret'] })
    expect(await git((await mint({ repositories: ['shop'] })).token, 'acme/secret')).toBe(granted)
    const { token } = await mint()
    github.changeInstallation({ id, suspended: true })
    expect(await git(token, 'acme/shop')).toBe('This installation has been suspended.')
    github.uninstall({ id })
    expect(await git(token, 'acme/shop')).toContain('Invalid username or token.')
  })

  test('opens to its user what both of them may reach', async () => {
    const { clientId } = github.app({ owner: 'ada', id: 90, permissions: { metadata: 'read', contents: 'read' } })
    const own = github.installation({ app: 90, account: 'acme', repositories: ['acme/shop'] })
    github.installation({ app: 90, account: 'globex' })
    github.changeInstallation({ id, repositories: 'all' })
    const { accessToken } = github.grant({ clientId, user: 'ada' })
    expect(await git(accessToken, 'acme/shop')).toBe('HEAD')
    expect(await git(accessToken, 'acme/secret')).toBe('Write access to repository not granted.')
    expect(await git(accessToken, 'globex/site')).toBe('Repository not found.')
    github.changeInstallation({ id: own.id, suspended: true })
    expect(await git(accessToken, 'acme/shop')).toBe('Write access to repository not granted.')
  })
})

describe('a clock that differs from that of the simulated GitHub', () => {
  test.each([
    ['ahead by two minutes', 2, "'Expiration time' claim ('exp') is too far in the future"],
    ['behind by ten minutes', -10, "'Expiration time' claim ('exp') must be a numeric value representing the future"],
  ])('%s is told by the refusal, and by the date of the answer', async (_, minutes, words) => {
    github.clock.advance(-minutes * MINUTE)
    expect((await mint()).message).toContain(words)
    const { headers } = await ask('/app', 'Bearer none')
    expect(Date.parse(headers.get('date') ?? '')).toBe(now.getTime() - minutes * MINUTE)
  })
})

describe('a key of a simulated GitHub App', () => {
  test('comes once, in PKCS#1, with the fingerprint that the settings show', () => {
    expect(key.pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
    const der = createPublicKey(key.pem).export({ type: 'spki', format: 'der' })
    expect(key.fingerprint).toBe(createHash('sha256').update(der).digest('base64'))
  })

  test('can be one that is known beforehand', async () => {
    github.app({ owner: 'ada', id: 91 })
    expect(await github.appKey({ app: 91, pem: key.pem })).toEqual(key)
  })

  test('is not known in its first seconds', async () => {
    github.app({ owner: 'ada', id: 92 })
    const { pem } = await github.appKey({ app: 92, hiddenForMilliseconds: 5000 })
    const app = async () => (await ask('/app', `Bearer ${signed(claimsAt(now, 92), pem)}`)).status
    expect(await app()).toBe(401)
    github.clock.advance(5000)
    expect(await app()).toBe(200)
  })
})
