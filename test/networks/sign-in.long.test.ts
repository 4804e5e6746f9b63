import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { redirectUri } from '../../server/oauth/redirect-uri.ts'
import { dataOf } from '../faults/canary/caller.ts'
import { pressConsent } from '../simulators/press-consent.ts'
import { makeAuthority, type TestAuthority } from './certificates.ts'
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts'
import { type NetworkWorld, openNetworkWorld } from './network-world.ts'
import { startTlsFront, type TlsFront } from './tls-front.ts'

const HOST = 'git.acme.test'
const UNTRUSTED = /certificate of an authority that is not trusted here\. .* give its certificate/

const begun = z.object({ authorizationId: z.string(), url: z.string() })
const outcome = z.object({ status: z.string(), message: z.string(), connectionId: z.string().nullable() })
const deleted = z.array(
  z.object({ id: z.string(), revocation: z.object({ is: z.string(), message: z.string() }).nullable() }),
)
const steps = z.object({ steps: z.array(z.object({ is: z.string(), detail: z.string() })) })

let authority: TestAuthority
let other: TestAuthority
beforeAll(async () => {
  authority = await makeAuthority('Acme Root')
  other = await makeAuthority('Another Root')
})
afterAll(async () => {
  await authority[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

describe.each(['directly', 'through a proxy'])('signing in at a GitLab with an authority of its own, %s', (way) => {
  let world: NetworkWorld
  let front: TlsFront
  let proxy: ConnectProxy
  let baseUrl: string

  beforeAll(async () => {
    const names: Record<string, number> = {}
    proxy = await startConnectProxy(names)
    const proxied = way === 'through a proxy'
    world = await openNetworkWorld(proxied ? { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } : {})
    front = await startTlsFront(world.gitlab.url, await authority.issue(`DNS:${HOST},IP:127.0.0.1`))
    names[HOST] = front.port
    baseUrl = proxied ? `https://${HOST}` : `https://127.0.0.1:${front.port}`
    const redirectUris = [redirectUri(world.opened.origin, { provider: 'gitlab', baseUrl })]
    const { uid, secret } = world.gitlab.application({ redirectUris, scopes: ['read_api', 'read_repository'] })
    const application = { provider: 'gitlab', baseUrl, clientId: uid, clientSecret: secret }
    expect((await world.caller.mutate('organization.setOauthApplication', application)).status).toBe(200)
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    await front[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  })

  /** Goes to the provider and comes back, as a person does whose browser trusts the authority. */
  async function signIn(more: { certificateAuthority?: string; connectionId?: string }) {
    const input = more.connectionId ? more : { provider: 'gitlab', baseUrl, ...more }
    const { authorizationId, url } = dataOf(await world.caller.mutate('connections.authorize', input), begun)
    expect(url.startsWith(`${baseUrl}/oauth/authorize?`)).toBe(true)
    const back = await pressConsent(url.replace(baseUrl, world.gitlab.url), { user: 'ada' })
    await world.caller.ask(back.pathname + back.search)
    return dataOf(await world.caller.query('connections.authorization', { authorizationId }), outcome)
  }

  async function linked(): Promise<string> {
    const { message, connectionId } = await signIn({ certificateAuthority: authority.pem })
    if (connectionId === null) throw new Error(message)
    return connectionId
  }

  /** The questions about tokens that arrived there, each with the place that it was sent to. */
  const asked = () =>
    world.gitlab.requests
      .filter(({ path }) => /^\/oauth\/(token|revoke)$/.test(path))
      .map(({ path, body, host }) => [path, body?.grant_type ?? null, host])

  /** Deletes it at once, and gives what came of ending its access. */
  async function endOf(connectionId: string) {
    await world.caller.mutate('connections.delete', { connectionId, now: true })
    return vi.waitFor(async () => {
      const list = dataOf(await world.caller.query('connections.deleted', {}), deleted)
      const revocation = list.find(({ id }) => id === connectionId)?.revocation
      if (!revocation) throw new Error('not ended yet')
      return revocation
    }, 15_000)
  }

  test('takes, renews and ends the tokens there', async () => {
    const before = asked().length
    const connectionId = await linked()
    expect(await world.get(connectionId)).toMatchObject({
      ...{ status: 'active', method: 'oauth', credentialVersion: 1, account: { login: 'ada' } },
      ...{ canClone: { is: 'yes' }, certificateAuthority: { subject: 'O=Acme, CN=Acme Root' } },
    })
    await world.caller.mutate('connections.refresh', { connectionId })
    expect(await world.get(connectionId)).toMatchObject({ status: 'active', credentialVersion: 2 })
    expect((await endOf(connectionId)).is).toBe('revoked')
    const { host } = new URL(baseUrl)
    expect(asked().slice(before)).toEqual([
      ['/oauth/token', 'authorization_code', host],
      ['/oauth/token', 'refresh_token', host],
      // One for each token.
      ['/oauth/revoke', null, host],
      ['/oauth/revoke', null, host],
    ])
    expect(new Set(proxy.passed)).toEqual(new Set(way === 'directly' ? [] : [`${HOST}:443`]))
  })

  test.each([
    ['without it', () => ({})],
    ['with another one', () => ({ certificateAuthority: other.pem })],
  ])('%s links nothing, shows the code to nobody, and says what to give', async (_, given) => {
    const before = asked().length
    const { status, message, connectionId } = await signIn(given())
    expect({ status, connectionId }).toEqual({ status: 'failed', connectionId: null })
    expect(message).toMatch(UNTRUSTED)
    expect(asked()).toHaveLength(before)
  })

  // To what follows the way makes no difference.
  if (way !== 'directly') return

  test('comes all the way when the connection is asked for it, until its authority is another', async () => {
    const connectionId = await linked()
    const wayOf = async () => {
      const answer = await world.caller.mutate('connections.probeConnection', { connectionId })
      return dataOf(answer, steps).steps.map(({ is, detail }) => `${is} ${detail}`)
    }
    const [name, , tls, instance, authentication] = await wayOf()
    expect(name).toBe('ok It has an address.')
    expect([tls, instance]).toEqual(['ok The certificate is trusted.', 'ok GitLab 18.6.1-ee.'])
    expect(authentication).toBe('ok As ada, by an OAuth grant.')
    await world.caller.mutate('connections.setCertificateAuthority', {
      connectionId,
      certificateAuthority: other.pem,
    })
    expect((await wayOf())[2]).toMatch(UNTRUSTED)
  })

  test('again takes the authority of the connection', async () => {
    const connectionId = await linked()
    expect(await signIn({ connectionId })).toMatchObject({ status: 'done', connectionId })
    expect(await world.get(connectionId)).toMatchObject({ status: 'active', credentialVersion: 2 })
  })

  test('is not undone by a certificate of another authority, at which nothing is asked', async () => {
    const connectionId = await linked()
    const before = asked().length
    await world.caller.mutate('connections.setCertificateAuthority', {
      connectionId,
      certificateAuthority: other.pem,
    })
    const { status, body } = await world.caller.mutate('connections.refresh', { connectionId })
    expect(status).not.toBe(200)
    expect(body).toMatch(UNTRUSTED)
    expect(await world.get(connectionId)).toMatchObject({ status: 'active', credentialVersion: 1 })
    expect(await endOf(connectionId)).toMatchObject({ is: 'notRevoked', message: expect.stringMatching(UNTRUSTED) })
    expect(asked()).toHaveLength(before)
  })

  test('with a certificate that is none is refused before anybody is sent there', async () => {
    const input = { provider: 'gitlab', baseUrl, certificateAuthority: 'no certificate' }
    const { status, body } = await world.caller.mutate('connections.authorize', input)
    expect(status).toBe(400)
    expect(body).toContain('"field":"certificateAuthority"')
  })
})
