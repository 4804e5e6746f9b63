import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { createLsRemote } from '../../server/git/ls-remote.ts'
import { createLog } from '../../server/log.ts'
import type { Guard } from '../../server/providers/transport/connector.ts'
import { TransportError } from '../../server/providers/transport/failure.ts'
import { createGuardedFetch } from '../../server/providers/transport/guarded-fetch.ts'
import { readProxies } from '../../server/providers/transport/proxies.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { freePort } from '../free-port.ts'
import { makeAuthority, type TestAuthority } from './certificates.ts'
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts'
import { type NetworkWorld, openNetworkWorld } from './network-world.ts'
import { startTlsFront, type TlsFront } from './tls-front.ts'

const HOST = 'git.acme.test'
const NAMED = `https://${HOST}`
/** An address of the open internet, which nobody is asked at. */
const PUBLIC = '140.82.121.4'
const credentials = { username: 'build agent', password: 'p@ss:canary/4711%' }
const spelled = `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}`
/** Every form in which the password could stand somewhere. */
const secrets = [
  credentials.password,
  encodeURIComponent(credentials.password),
  Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'),
  'canary/4711',
]

let authority: TestAuthority
let front: TlsFront
let proxy: ConnectProxy
let world: NetworkWorld
const lines: string[] = []

const names: Record<string, number> = {}
beforeAll(async () => {
  proxy = await startConnectProxy(names, credentials)
  const env = { HTTPS_PROXY: `http://${spelled}@127.0.0.1:${proxy.port}` }
  world = await openNetworkWorld(
    env,
    createLog('trace', (line) => void lines.push(line)),
  )
  authority = await makeAuthority('Acme Root')
  front = await startTlsFront(world.gitlab.url, await authority.issue(`DNS:${HOST},IP:127.0.0.1,IP:${PUBLIC}`))
  for (const name of [HOST, PUBLIC, '127.0.0.1', 'localhost', '10.0.0.1']) names[name] = front.port
})
afterEach(() => proxy.refuse(null))
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await front[Symbol.asyncDispose]()
  await proxy[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
})

/** The transport and git with settings of their own. */
function reach(env: Record<string, string>, near: Pick<Guard, 'resolve' | 'reach'> = {}) {
  const config = readConfig(env)
  const trustedHosts = parseTrustedHosts(config.trustedHosts)
  const guard = { trustedHosts, proxies: readProxies(config, trustedHosts), authority: authority.pem, ...near }
  const fetch = createGuardedFetch({ ...guard, userAgent: 'test' })
  const lsRemote = createLsRemote(guard)
  const git = (base: string) => lsRemote({ url: `${base}/ada/shop.git`, username: 'oauth2', password: world.token })
  return { fetch, git }
}
const through = (more: Record<string, string> = {}, near: Pick<Guard, 'resolve' | 'reach'> = {}) =>
  reach({ HTTPS_PROXY: `http://${spelled}@127.0.0.1:${proxy.port}`, ...more }, near)

async function failureOf(call: Promise<Response>): Promise<string> {
  const error: unknown = await call.then(
    (response) => new Error(`answered ${response.status}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof TransportError)) throw error
  expect(error.failure.sent).toBe(false)
  for (const secret of secrets)
    expect(JSON.stringify([error.message, error.stack, error.failure])).not.toContain(secret)
  return error.failure.kind
}

describe('with a proxy', () => {
  test('the API and git go through it, each proved to it, by a name that only it knows', async () => {
    const linked = await world.link(NAMED, { certificateAuthority: authority.pem })
    expect(linked).toMatchObject({ status: 'active', account: { login: 'ada' }, canClone: { is: 'yes' } })
    expect(new Set(proxy.passed)).toEqual(new Set([`${HOST}:443`]))
    // One tunnel at least for each: git can't take the one of the API.
    expect(proxy.passed.length).toBeGreaterThan(1)
  })

  test.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])(
    'set by %s, both go through it',
    async (variable) => {
      const { fetch, git } = reach({ [variable]: `http://${spelled}@127.0.0.1:${proxy.port}` })
      const before = proxy.passed.length
      expect((await fetch(`${NAMED}/api/v4/metadata`)).status).toBe(401)
      expect(proxy.passed.length).toBe(before + 1)
      expect(await git(NAMED)).toEqual({ kind: 'ok', authenticated: true })
      expect(proxy.passed.length).toBe(before + 2)
    },
  )

  test('that speaks https, both go through it only where its certificate is trusted', async () => {
    await using front = await startTlsFront(`http://127.0.0.1:${proxy.port}`, await authority.issue('IP:127.0.0.1'))
    const { fetch, git } = reach({ HTTPS_PROXY: `https://${spelled}@127.0.0.1:${front.port}` })
    const before = proxy.passed.length
    expect(await failureOf(fetch(`${NAMED}/`))).toBe('proxy-unreachable')
    expect((await git(NAMED)).kind).toBe('unreachable')
    expect(proxy.passed.length).toBe(before)
    const known = getCACertificates('default')
    setDefaultCACertificates([...known, authority.pem])
    try {
      expect((await fetch(`${NAMED}/api/v4/metadata`)).status).toBe(401)
    } finally {
      setDefaultCACertificates(known)
    }
    expect(proxy.passed.length).toBe(before + 1)
  })

  test('what the operator trusts is reached directly, by the API and by git', async () => {
    const { fetch, git } = through({ TRUSTED_HOSTS: '127.0.0.1' })
    const url = `https://127.0.0.1:${front.port}`
    const before = proxy.asked.length
    expect((await fetch(`${url}/api/v4/metadata`)).status).toBe(401)
    expect(await git(url)).toEqual({ kind: 'ok', authenticated: true })
    expect(proxy.asked.length).toBe(before)
  })

  test('what NO_PROXY names is reached directly, by the API and by git', async () => {
    const near = { resolve: async () => [{ address: '127.0.0.1', family: 4 }], reach: () => 'public' as const }
    const { fetch, git } = through({ NO_PROXY: 'acme.test' }, near)
    const url = `${NAMED}:${front.port}`
    const before = proxy.asked.length
    expect((await fetch(`${url}/api/v4/metadata`)).status).toBe(401)
    expect(await git(url)).toEqual({ kind: 'ok', authenticated: true })
    expect(proxy.asked.length).toBe(before)
  })

  test('what NO_PROXY names is still held to the rules for addresses', async () => {
    const { fetch, git } = through({ NO_PROXY: '127.0.0.1,localhost' })
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await failureOf(fetch(`https://${host}:${front.port}/`))).toBe('blocked-address')
      expect((await git(`https://${host}:${front.port}`)).kind).toBe('unreachable')
    }
  })

  test.each(['127.0.0.1', 'localhost', 'git.localhost', '10.0.0.1', '169.254.169.254', '[::1]', '2130706433', '0'])(
    'the inner address %s is never asked of it, by the API or by git',
    async (host) => {
      const { fetch, git } = through()
      const before = proxy.asked.length
      expect(await failureOf(fetch(`https://${host}/`))).toBe('blocked-address')
      expect((await git(`https://${host}`)).kind).toBe('unreachable')
      expect(proxy.asked.length).toBe(before)
    },
  )

  test('a public address goes through it', async () => {
    const before = proxy.passed.length
    expect((await through().fetch(`https://${PUBLIC}/api/v4/metadata`)).status).toBe(401)
    expect(proxy.passed.slice(before)).toEqual([`${PUBLIC}:443`])
  })

  test('the password is seen in no command line and no environment while git waits for it', async () => {
    const letGo = proxy.hold()
    const before = proxy.asked.length
    const asking = through().git(NAMED)
    await vi.waitFor(() => expect(proxy.asked.length).toBe(before + 1), { timeout: 15_000 })
    const seen = (await processes()).filter((text) => text.includes(`${HOST}/ada/shop.git`))
    letGo()
    expect(await asking).toEqual({ kind: 'ok', authenticated: true })
    expect(seen.some((text) => text.includes('git-remote-https'))).toBe(true)
    for (const secret of secrets) expect(seen.filter((text) => text.includes(secret))).toEqual([])
  })
})

describe('a proxy that does not let pass', () => {
  test.each([
    [407, 'proxy-authentication'],
    [403, 'proxy-refused'],
    [502, 'proxy-refused'],
  ])('with %i is told as such, by the API and by git', async (status, kind) => {
    proxy.refuse(status)
    expect(await failureOf(through().fetch(`${NAMED}/`))).toBe(kind)
    const outcome = await through().git(NAMED)
    expect(outcome).toMatchObject({ kind: 'unreachable', text: expect.stringMatching(`proxy did not .*${status}`) })
  })

  test('because it is given another password is told as such', async () => {
    const { fetch, git } = reach({ HTTPS_PROXY: `http://ada:wrong@127.0.0.1:${proxy.port}` })
    expect(await failureOf(fetch(`${NAMED}/`))).toBe('proxy-authentication')
    expect(await git(NAMED)).toMatchObject({ kind: 'unreachable', text: expect.stringContaining('407') })
  })

  test('because it is not there is told as such', async () => {
    const { fetch, git } = reach({ HTTPS_PROXY: `http://${spelled}@127.0.0.1:${await freePort()}` })
    expect(await failureOf(fetch(`${NAMED}/`))).toBe('proxy-unreachable')
    expect((await git(NAMED)).kind).toBe('unreachable')
  })

  test('because it speaks something else is told as such', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('no proxy here\r\n\r\n'))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const address = server.address()
    if (!address || typeof address === 'string') throw new Error('the server has no port')
    const { fetch, git } = reach({ HTTPS_PROXY: `http://${spelled}@127.0.0.1:${address.port}` })
    expect(await failureOf(fetch(`${NAMED}/`))).toBe('proxy-unreachable')
    expect((await git(NAMED)).kind).toBe('unreachable')
    server.close()
  })

  test('changes no status: the check was not done, and the proxy is named as the reason', async () => {
    const { id } = await world.link(NAMED, { certificateAuthority: authority.pem })
    for (const [status, words] of [
      [407, /^The proxy on the way to git\.acme\.test did not accept its user and password/],
      [502, /^The proxy on the way to git\.acme\.test did not let the request pass \(502\)/],
    ] as const) {
      proxy.refuse(status)
      await world.caller.mutate('connections.validate', { connectionId: id })
      const seen = await world.get(id)
      expect(seen).toMatchObject({ status: 'active', deferred: { reason: 'unreachable' } })
      expect(seen.deferred?.message).toMatch(words)
    }
  })
})

describe('a probe through a proxy', () => {
  const asked = () => ({ provider: 'gitlab', baseUrl: NAMED, certificateAuthority: authority.pem, token: world.token })

  test('comes to the end', async () => {
    const { status, body } = await world.caller.mutate('connections.probe', asked())
    expect(status).toBe(200)
    expect(body).toContain('"step":"name","is":"ok","detail":"Left to the proxy."')
    expect(body).toContain('"step":"scopes","is":"ok"')
  })

  test('ends at the connection when the proxy does not let it pass', async () => {
    proxy.refuse(407)
    const { body } = await world.caller.mutate('connections.probe', asked())
    expect(body).toContain('"step":"connection","is":"failed","detail":"The proxy on the way to git.acme.test did not')
  })
})

// Last, when everything has been said that will be.
describe('the user and password of the proxy', () => {
  test('are in no line of the log and in no answer', () => {
    expect(
      lines.some((line) => line.includes(`Providers are asked through the proxy at 127.0.0.1:${proxy.port}.`)),
    ).toBe(true)
    const said = [...lines, ...world.caller.answers.flatMap(({ headers, body }) => [headers, body])]
    for (const secret of secrets) expect(said.filter((text) => text.includes(secret))).toEqual([])
  })
})

/** Command line and environment of each process. */
async function processes(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
  const read = (path: string) => readFile(path, 'utf8').catch(() => '')
  return Promise.all(ids.map(async (id) => (await read(`/proc/${id}/cmdline`)) + (await read(`/proc/${id}/environ`))))
}
