import { createSecureServer } from 'node:http2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLsRemote } from '../../server/git/ls-remote.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import { createGuardedFetch } from '../../server/providers/transport/guarded-fetch.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { makeAuthority, type TestAuthority } from './certificates.ts'
import { type NetworkWorld, openNetworkWorld } from './network-world.ts'
import { startTlsFront, type TlsFront } from './tls-front.ts'

const DAY_MS = 24 * 3_600_000

let world: NetworkWorld
let authority: TestAuthority
let other: TestAuthority
const fronts: TlsFront[] = []

/** An address of the GitLab behind a certificate. */
async function gitlabBehind(issuer: TestAuthority, names: string, days?: number) {
  const front = await startTlsFront(world.gitlab.url, await issuer.issue(names, days))
  fronts.push(front)
  return { front, url: `https://127.0.0.1:${front.port}` }
}

beforeAll(async () => {
  world = await openNetworkWorld()
  authority = await makeAuthority('Acme Root')
  other = await makeAuthority('Another Root')
})
afterAll(async () => {
  for (const front of fronts) await front[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

/** Lists of what works are read in the background, at any time. */
const askedBesideLists = () => world.gitlab.requests.filter(({ query }) => query.pagination !== 'keyset').length

describe('a connection to an instance with an authority of its own', () => {
  test('works with it, for the API and for git', async () => {
    const { url, front } = await gitlabBehind(authority, 'IP:127.0.0.1')
    const linked = await world.link(url, { certificateAuthority: authority.pem })
    expect(linked).toMatchObject({ status: 'active', account: { login: 'ada' } })
    expect(linked.canClone).toEqual({ is: 'yes', detail: 'git read ada/shop with this token.' })
    expect(front.agreed()).toBeGreaterThan(1)
  })

  test('shows its subject and its end', async () => {
    const { url } = await gitlabBehind(authority, 'IP:127.0.0.1')
    const { certificateAuthority } = await world.link(url, { certificateAuthority: authority.pem })
    expect(certificateAuthority).toMatchObject({ subject: 'O=Acme, CN=Acme Root', warning: null })
    const days = (Date.parse(certificateAuthority?.expiresAt ?? '') - Date.now()) / DAY_MS
    expect(Math.round(days)).toBe(365)
  })

  test('is told the step that fails without it, and works once it is given', async () => {
    const { url } = await gitlabBehind(authority, 'IP:127.0.0.1')
    const { id, status, deferred } = await world.link(url)
    expect({ status, reason: deferred?.reason }).toEqual({ status: 'pending', reason: 'unreachable' })
    expect(deferred?.message).toMatch(/certificate of an authority that is not trusted here\. .* give its certificate/)
    const given = { connectionId: id, certificateAuthority: authority.pem }
    await world.caller.mutate('connections.setCertificateAuthority', given)
    await world.caller.mutate('connections.validate', { connectionId: id })
    expect(await world.get(id)).toMatchObject({ status: 'active', deferred: null, canClone: { is: 'yes' } })
  })

  test.each([
    ['the authority is not the one', () => gitlabBehind(other, 'IP:127.0.0.1'), /authority that is not trusted here/],
    ['the certificate has ended', () => gitlabBehind(authority, 'IP:127.0.0.1', -1), /has ended .* must renew it/],
    ['the certificate is for another name', () => gitlabBehind(authority, 'DNS:git.acme.test'), /for another name/],
  ])('is told so when %s, and sends nothing', async (_, open, words) => {
    const { url } = await open()
    const asked = askedBesideLists()
    const { status, deferred } = await world.link(url, { certificateAuthority: authority.pem })
    expect(status).toBe('pending')
    expect(deferred?.message).toMatch(words)
    expect(askedBesideLists()).toBe(asked)
  })

  test('stays Active when the certificate of the instance changes to a wrong one', async () => {
    const good = await gitlabBehind(authority, 'DNS:localhost')
    const { id } = await world.link(`https://localhost:${good.front.port}`, { certificateAuthority: authority.pem })
    expect(await world.get(id)).toMatchObject({ status: 'active', deferred: null })
    const change = { connectionId: id, certificateAuthority: other.pem }
    await world.caller.mutate('connections.setCertificateAuthority', change)
    await world.caller.mutate('connections.validate', { connectionId: id })
    expect(await world.get(id)).toMatchObject({ status: 'active', deferred: { reason: 'unreachable' } })
  })

  test('is warned of the end of the authority before it comes', async () => {
    await using ending = await makeAuthority('Ending Root', 6)
    const { url } = await gitlabBehind(ending, 'IP:127.0.0.1')
    const { id } = await world.link(url, { certificateAuthority: ending.pem })
    await sweep(world.opened.server.shell, async () => {})
    expect(await world.get(id)).toMatchObject({ status: 'active', certificateAuthority: { warning: 7 } })
    const history = await world.caller.query('connections.history', { connectionId: id })
    expect(history.body).toContain('saw that its certificate authority ends in 7 days')
  })

  test('is not made with an authority that has ended', async () => {
    const { cert } = await authority.issue('DNS:late.acme.test', -1)
    const input = { provider: 'gitlab', name: 'Late', baseUrl: 'https://127.0.0.1', certificateAuthority: cert }
    const credential = { kind: 'token', token: world.token }
    const answer = await world.caller.mutate('connections.create', { ...input, credential })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatch(/The certificate ended on .* Paste the new one/)
  })
})

describe('git, at an instance with an authority of its own', () => {
  test.each([
    ['without it', () => null],
    ['with another one', () => other.pem],
  ])('says %s that the certificate is not trusted, and sends nothing', async (_, given) => {
    const { url } = await gitlabBehind(authority, 'IP:127.0.0.1')
    const asked = askedBesideLists()
    const lsRemote = createLsRemote({ trustedHosts: parseTrustedHosts('127.0.0.1'), authority: given() })
    const outcome = await lsRemote({ url: `${url}/ada/shop.git`, username: 'oauth2', password: world.token })
    expect(outcome).toMatchObject({ kind: 'unreachable', text: expect.stringContaining('does not trust') })
    expect(askedBesideLists()).toBe(asked)
  })
})

describe('a provider that would rather speak HTTP/2', () => {
  test('is asked over HTTP/1.1', async () => {
    const server = createSecureServer({ ...(await authority.issue('IP:127.0.0.1')), allowHTTP1: true })
    server.on('request', (request, response) => response.end(request.httpVersion))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const address = server.address()
    if (!address || typeof address === 'string') throw new Error('the server has no port')
    const trustedHosts = parseTrustedHosts('127.0.0.1')
    const fetch = createGuardedFetch({ trustedHosts, userAgent: 'test', authority: authority.pem })
    const answer = await fetch(`https://127.0.0.1:${address.port}/`)
    expect(await answer.text()).toBe('1.1')
    server.close()
  })
})
