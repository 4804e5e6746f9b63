import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGitServer } from '../simulators/git-server.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clones-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Runs git as a person without any configuration would; gives everything it printed. */
async function git(...args: string[]): Promise<{ ok: boolean; text: string }> {
  const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' }
  try {
    const { stdout, stderr } = await promisify(execFile)('git', args, { cwd: folder, env })
    return { ok: true, text: stdout + stderr }
  } catch (error) {
    return { ok: false, text: String(Object(error).stderr) }
  }
}

const withPassword = (url: string, password: string, username = 'x-access-token') =>
  url.replace('http://', `http://${username}:${password}@`)

describe('the git side of the simulated GitHub', () => {
  let github: GitHubSimulator
  beforeEach(async () => {
    github = await startGitHub()
    github.user({ login: 'ada' })
    github.organization({ login: 'acme', members: { ada: 'push' } })
    github.repository({ fullName: 'acme/shop', files: { 'shop/__manifest__.py': '{}\n' } })
    github.repository({ fullName: 'acme/open', private: false })
  })
  afterEach(() => github[Symbol.asyncDispose]())

  const clone = (token: string, name = 'acme/shop') =>
    git('clone', '--quiet', withPassword(`${github.url}/${name}.git`, token), 'clone')

  test('gives a real clone, whose commit is the one that the API tells', async () => {
    const token = github.token({ user: 'ada' })
    expect(await clone(token)).toMatchObject({ ok: true })
    expect(await readFile(join(folder, 'clone/shop/__manifest__.py'), 'utf8')).toBe('{}\n')
    const { text } = await git('-C', 'clone', 'rev-parse', 'HEAD')
    const answer = await fetch(`${github.apiUrl}/repos/acme/shop/branches`, {
      headers: { authorization: `token ${token}` },
    })
    expect(await answer.json()).toMatchObject([{ name: 'main', commit: { sha: text.trim() } }])
  })

  test('serves a commit that was pushed since', async () => {
    const token = github.token({ user: 'ada' })
    await clone(token)
    const sha = await github.commit({ fullName: 'acme/shop', files: { 'new.txt': 'new\n' } })
    expect(await git('-C', 'clone', 'pull', '--quiet')).toMatchObject({ ok: true })
    expect((await git('-C', 'clone', 'rev-parse', 'HEAD')).text.trim()).toBe(sha)
  })

  test('serves a repository without a commit', async () => {
    github.repository({ fullName: 'acme/empty', empty: true })
    expect((await clone(github.token({ user: 'ada' }), 'acme/empty')).ok).toBe(true)
  })

  test('asks for a password where nobody may read', async () => {
    expect((await git('ls-remote', `${github.url}/acme/shop.git`)).text).toContain('terminal prompts disabled')
    expect((await git('ls-remote', `${github.url}/acme/open.git`)).ok).toBe(true)
  })

  test('lets a dead token clone what is public, since git first asks without', async () => {
    const token = github.token({ user: 'ada', revoked: true })
    expect((await clone(token, 'acme/open')).ok).toBe(true)
    const closed = await git('ls-remote', withPassword(`${github.url}/acme/shop.git`, token))
    expect(closed.text).toContain('remote: Invalid username or token.')
  })

  test('refuses in the words of GitHub', async () => {
    const token = github.token({ user: 'ada' })
    const bare = github.token({
      user: 'ada',
      kind: 'fine-grained',
      resourceOwner: 'acme',
      permissions: { contents: 'none' },
    })
    const other = github.token({ user: 'ada', kind: 'fine-grained', resourceOwner: 'acme', repositories: [] })
    expect((await clone(token, 'acme/none')).text).toContain('Repository not found.')
    expect((await clone(bare)).text).toContain('Write access to repository not granted.')
    expect((await clone(other)).text).toContain('Write access to repository not granted.')
    github.changeOrganization({ login: 'acme', samlEnforced: true })
    expect((await clone(token)).text).toContain('has enabled or enforced SAML SSO.')
    github.changeOrganization({ login: 'acme', samlEnforced: false, ipRefused: '203.0.113.5' })
    expect((await clone(token)).text).toContain('203.0.113.5 is not permitted to access this repository.')
    github.changeUser({ login: 'ada', suspended: true })
    expect((await clone(token)).text).toContain('Your account is suspended.')
  })

  test('leads from a former name to the repository', async () => {
    const token = github.token({ user: 'ada' })
    github.renameRepository({ from: 'acme/shop', to: 'acme/store' })
    expect((await clone(token)).ok).toBe(true)
  })

  test('records which credential went to which host', async () => {
    const token = github.token({ user: 'ada' })
    await clone(token)
    const shown = github.requests.filter((request) => request.credential !== null)
    expect(shown.length).toBeGreaterThan(0)
    for (const { credential, host, area } of shown) {
      expect({ credential, host, area }).toEqual({
        credential: { scheme: 'basic', username: 'x-access-token', secret: token },
        host: new URL(github.url).host,
        area: 'git',
      })
    }
  })
})

describe.each(['', '/gitlab'])('the git side of the simulated GitLab below "%s"', (path) => {
  let gitlab: GitLabSimulator
  beforeEach(async () => {
    gitlab = await startGitLab({ path })
    for (const username of ['ada', 'gus', 'stranger']) gitlab.user({ username })
    gitlab.group({ fullPath: 'acme', members: { ada: 40, gus: 10 } })
    gitlab.project({ path: 'acme/shop' })
    gitlab.project({ path: 'acme/open', visibility: 'public' })
    gitlab.project({ path: 'acme/other' })
  })
  afterEach(() => gitlab[Symbol.asyncDispose]())

  const list = (token: string, name = 'acme/shop.git') =>
    git('ls-remote', withPassword(`${gitlab.url}/${name}`, token, 'oauth2'))

  test.each(['api', 'read_api', 'read_repository', 'write_repository'])('opens to the scope %s', async (scope) => {
    expect((await list(gitlab.token({ user: 'ada', scopes: [scope] }))).ok).toBe(true)
  })

  test('opens to OAuth tokens, and to project tokens for their own project', async () => {
    const project = gitlab.token({ kind: 'project', of: 'acme/shop' })
    expect((await list(gitlab.token({ user: 'ada', kind: 'oauth' }))).ok).toBe(true)
    expect((await list(project)).ok).toBe(true)
    expect((await list(project, 'acme/other.git')).text).toContain('HTTP Basic: Access denied')
  })

  test('gives one answer to unknown, expired, revoked tokens and to those of blocked people', async () => {
    const [expired, revoked, blocked] = [
      gitlab.token({ user: 'ada' }),
      gitlab.token({ user: 'ada', revoked: true }),
      gitlab.token({ user: 'gus' }),
    ]
    gitlab.expire({ token: expired })
    gitlab.changeUser({ username: 'gus', state: 'blocked' })
    for (const token of ['glpat-unknown', expired, revoked, blocked]) {
      expect((await list(token)).text).toContain('remote: HTTP Basic: Access denied')
    }
  })

  test('refuses in the words of GitLab', async () => {
    const token = gitlab.token({ user: 'ada' })
    expect((await list(gitlab.token({ user: 'stranger' }))).text).toContain('could not be found or you don')
    expect((await list(token, 'acme/none.git')).text).toContain('could not be found or you don')
    expect((await list(gitlab.token({ user: 'gus' }))).text).toContain('You are not allowed to download code')
    expect((await list(gitlab.token({ user: 'ada', scopes: ['read_user'] }))).text).toContain('not allowed to download')
    gitlab.changeGroup({ fullPath: 'acme', ssoUrl: `${gitlab.url}/sso` })
    expect((await list(token)).text).toContain('Cannot find valid SSO session')
  })

  test('serves what is public without a token, and leads to the address with .git', async () => {
    expect((await git('ls-remote', `${gitlab.url}/acme/open.git`)).ok).toBe(true)
    expect((await git('ls-remote', `${gitlab.url}/acme/open`)).text).toContain('redirecting to')
    expect((await git('ls-remote', `${gitlab.url}/acme/shop.git`)).text).toContain('terminal prompts disabled')
  })
})

describe('a git server of its own', () => {
  test('opens to its passwords alone, and records them', async () => {
    await using server = await startGitServer({ passwords: ['right'] })
    const url = await server.createRepository({ fullName: 'tools/base' })
    expect((await git('ls-remote', withPassword(url, 'right'))).ok).toBe(true)
    expect((await git('ls-remote', withPassword(url, 'wrong'))).ok).toBe(false)
    expect(server.requests.map((request) => request.credential?.secret)).toContain('wrong')
  })
})
