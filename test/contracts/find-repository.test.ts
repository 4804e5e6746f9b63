import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLsRemote } from '../../server/git/ls-remote.ts'
import { createProviders } from '../../server/providers/index.ts'
import type { RepositoryName } from '../../server/providers/listed.ts'
import { createGuardedFetch } from '../../server/providers/transport/guarded-fetch.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'

const trusted = parseTrustedHosts('127.0.0.1')

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

function find(provider: 'github' | 'gitlab', token: string, named: RepositoryName) {
  const config = { githubUrl: github.url, githubApiUrl: github.apiUrl, gitlabUrl: gitlab.url }
  const fetch = createGuardedFetch({ trustedHosts: trusted, userAgent: 'git-connections' })
  const lsRemote = createLsRemote({ trustedHosts: trusted })
  const providers = createProviders({ fetch, lsRemote, clock: () => new Date(), config, trusted })
  return providers[provider].findRepository(token, { baseUrl: { github, gitlab }[provider].url, named })
}

describe('a repository at GitHub', () => {
  let token: string
  let id: string
  beforeEach(async () => {
    github.reset()
    github.user({ login: 'ada' })
    github.user({ login: 'eve' })
    github.organization({ login: 'acme', members: { ada: 'push' } })
    id = String(github.repository({ fullName: 'acme/shop', visibility: 'private' }).id)
    token = github.token({ user: 'ada', scopes: ['repo', 'read:org'] })
  })

  test('is found by its id and by its name, whatever the case', async () => {
    const found = { is: 'found', repository: { id, fullName: 'acme/shop', url: `${github.url}/acme/shop` } }
    expect(await find('github', token, { id })).toMatchObject(found)
    expect(await find('github', token, { fullName: 'ACME/Shop' })).toMatchObject(found)
  })

  test('is found by a name that it had before', async () => {
    github.renameRepository({ from: 'acme/shop', to: 'acme/store' })
    const found = { is: 'found', repository: { id, fullName: 'acme/store' } }
    expect(await find('github', token, { fullName: 'acme/shop' })).toMatchObject(found)
    expect(await find('github', token, { id })).toMatchObject(found)
  })

  test('is not found where it is hidden, the same as where there is none', async () => {
    const stranger = github.token({ user: 'eve', scopes: ['repo'] })
    const hidden = await find('github', stranger, { fullName: 'acme/shop' })
    expect(hidden).toMatchObject({ is: 'barred', reason: 'notFound', remedyUrl: null })
    expect(await find('github', token, { fullName: 'acme/none' })).toEqual(hidden)
    expect(await find('github', stranger, { id })).toEqual(hidden)
  })

  test('is shut by single sign-on, and where the token is authorized is told', async () => {
    github.changeOrganization({ login: 'acme', samlEnforced: true, members: { ada: 'push' } })
    expect(await find('github', token, { id })).toMatchObject({
      ...{ is: 'barred', reason: 'singleSignOn' },
      remedyUrl: expect.stringContaining(`${github.url}/orgs/acme/sso?authorization_request=`),
    })
  })

  test('is shut to OAuth Apps that its organization did not approve', async () => {
    github.changeOrganization({ login: 'acme', oauthAppsRestricted: true, members: { ada: 'push' } })
    const oauth = github.token({ user: 'ada', kind: 'oauth', scopes: ['repo'] })
    expect(await find('github', oauth, { id })).toMatchObject({ is: 'barred', reason: 'oauthRestricted' })
  })

  test('is told apart from what is merely public', async () => {
    expect(await find('github', token, { id })).toMatchObject({ is: 'found', member: true })
    github.repository({ fullName: 'eve/tools', visibility: 'public' })
    expect(await find('github', token, { fullName: 'eve/tools' })).toMatchObject({ is: 'found', member: false })
    github.repository({ fullName: 'acme/site', visibility: 'public' })
    expect(await find('github', token, { fullName: 'acme/site' })).toMatchObject({ is: 'found', member: true })
  })

  test('is shut by GitHub itself for everybody', async () => {
    github.changeRepository({ fullName: 'acme/shop', visibility: 'private', blocked: 'dmca' })
    expect(await find('github', token, { id })).toMatchObject({ is: 'barred', reason: 'blocked' })
  })

  test('is not said to be shut where only the credential or the provider is in trouble', async () => {
    github.fault({ kind: 'html', status: 502, route: 'GET /repositories/{id}' })
    expect(await find('github', token, { id })).toMatchObject({ is: 'stopped', unauthorized: false })
    github.revoke({ token })
    expect(await find('github', token, { fullName: 'acme/shop' })).toMatchObject({ is: 'stopped', unauthorized: true })
  })
})

describe('a project at GitLab', () => {
  let token: string
  let id: string
  beforeEach(() => {
    gitlab.reset()
    gitlab.user({ username: 'ada' })
    gitlab.user({ username: 'eve' })
    gitlab.group({ fullPath: 'acme', members: { ada: 30 } })
    gitlab.group({ fullPath: 'acme/team' })
    id = String(gitlab.project({ path: 'acme/team/shop', visibility: 'private' }).id)
    token = gitlab.token({ user: 'ada', scopes: ['read_api', 'read_repository'] })
  })

  test('is found by its id and by its path', async () => {
    const found = { is: 'found', repository: { id, fullName: 'acme/team/shop', url: `${gitlab.url}/acme/team/shop` } }
    expect(await find('gitlab', token, { id })).toMatchObject(found)
    expect(await find('gitlab', token, { fullName: 'acme/team/shop' })).toMatchObject(found)
  })

  test('is found by a path that it had before', async () => {
    gitlab.moveProject({ from: 'acme/team/shop', to: 'acme/store' })
    const found = { is: 'found', repository: { id, fullName: 'acme/store' } }
    expect(await find('gitlab', token, { fullName: 'acme/team/shop' })).toMatchObject(found)
  })

  test('is told apart from what is merely open to everybody', async () => {
    expect(await find('gitlab', token, { id })).toMatchObject({ is: 'found', member: true })
    gitlab.project({ path: 'eve/tools', visibility: 'internal' })
    expect(await find('gitlab', token, { fullName: 'eve/tools' })).toMatchObject({ is: 'found', member: false })
    gitlab.project({ path: 'acme/site', visibility: 'public' })
    expect(await find('gitlab', token, { fullName: 'acme/site' })).toMatchObject({ is: 'found', member: true })
  })

  test('is not found where it is hidden, the same as where there is none', async () => {
    const stranger = gitlab.token({ user: 'eve', scopes: ['read_api'] })
    const hidden = await find('gitlab', stranger, { fullName: 'acme/team/shop' })
    expect(hidden).toMatchObject({ is: 'barred', reason: 'notFound' })
    expect(await find('gitlab', token, { fullName: 'acme/none' })).toEqual(hidden)
  })

  test('is not said to be shut where only the credential or the provider is in trouble', async () => {
    gitlab.fault({ kind: 'html', status: 404, times: 1 })
    expect(await find('gitlab', token, { id })).toMatchObject({ is: 'stopped', unauthorized: false })
    gitlab.changeToken({ token, scopes: ['read_user'] })
    expect(await find('gitlab', token, { fullName: 'acme/team/shop' })).toMatchObject({ is: 'stopped' })
    gitlab.revoke({ token })
    expect(await find('gitlab', token, { fullName: 'acme/team/shop' })).toMatchObject({
      is: 'stopped',
      unauthorized: true,
    })
  })
})
