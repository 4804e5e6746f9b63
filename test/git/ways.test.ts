import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFetchCommit } from '../../server/git/fetch-commit.ts'
import type { Guard } from '../../server/providers/transport/connector.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { makeAuthority, type TestAuthority } from '../networks/certificates.ts'
import { startConnectProxy } from '../networks/connect-proxy.ts'
import { startTlsFront, type TlsFront } from '../networks/tls-front.ts'
import { type GitHost, startGitHost } from './git-host.ts'
import { RawRepository } from './raw-repository.ts'

const password = 'canary-token-of-ways'
let host: GitHost
let repository: RawRepository
let authority: TestAuthority
let front: TlsFront
let commit: string
let folder: string
let count = 0

beforeAll(async () => {
  host = await startGitHost(password)
  repository = await RawRepository.create()
  commit = await repository.put({ a: 'a' })
  host.serve('acme/shop', { path: repository.path })
  authority = await makeAuthority('Acme')
  front = await startTlsFront(host.url, await authority.issue('DNS:git.test'))
  folder = await mkdtemp(join(tmpdir(), 'ways-'))
})
afterAll(async () => {
  await Promise.all([front, host, repository, authority].map((part) => part[Symbol.asyncDispose]()))
  await rm(folder, { recursive: true, force: true })
})

function asked(url: string) {
  count += 1
  return { url, username: 'x', password, mirror: join(folder, `m${count}`), want: { branch: 'main' } }
}

describe('a fetch over TLS', () => {
  const here: Guard = {
    trustedHosts: parseTrustedHosts('git.test'),
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  }

  test('goes to the address that was checked, and trusts the authority that was given', async () => {
    const url = `https://git.test:${front.port}/acme/shop.git`
    const fetchCommit = createFetchCommit({ ...here, authority: authority.pem })
    expect(await fetchCommit(asked(url))).toEqual({ kind: 'fetched', commit, transferred: true })
  })

  test('trusts no other authority, and reaches no private place that nobody vouches for', async () => {
    const url = `https://git.test:${front.port}/acme/shop.git`
    host.forgetRequests()
    expect(await createFetchCommit(here)(asked(url))).toMatchObject({ kind: 'unreachable' })
    const closed = createFetchCommit({ ...here, trustedHosts: parseTrustedHosts(''), authority: authority.pem })
    expect(await closed(asked(url))).toMatchObject({ kind: 'unreachable', text: expect.stringContaining('private') })
    const plain = createFetchCommit({ trustedHosts: parseTrustedHosts('') })
    expect(await plain(asked(`${host.url}/acme/shop.git`))).toMatchObject({ kind: 'unreachable' })
    expect(host.requests).toEqual([])
  })

  test('goes through the proxy of the operator with its password, which git is given by no argument', async () => {
    await using proxy = await startConnectProxy(
      { 'git.test': front.port },
      { username: 'op', password: 'proxy-canary' },
    )
    const operator = {
      secure: false,
      hostname: '127.0.0.1',
      port: proxy.port,
      username: 'op',
      password: 'proxy-canary',
    }
    const fetchCommit = createFetchCommit({
      ...{
        trustedHosts: parseTrustedHosts(''),
        authority: authority.pem,
        proxies: { for: () => operator, shown: null },
      },
    })
    expect(await fetchCommit(asked('https://git.test/acme/shop.git'))).toMatchObject({ kind: 'fetched', commit })
    expect(proxy.passed.length).toBeGreaterThanOrEqual(2)
    expect(new Set(proxy.passed)).toEqual(new Set(['git.test:443']))
  })
})
