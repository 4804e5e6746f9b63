import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createRawServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { dataOf } from '../faults/canary/caller.ts'
import { freePort } from '../free-port.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { makeAuthority, type TestAuthority } from './certificates.ts'
import { type NetworkWorld, openNetworkWorld } from './network-world.ts'
import { startTlsFront } from './tls-front.ts'

const SECRET = 'what-only-the-inner-page-says'
const answer = z.object({
  baseUrl: z.string(),
  steps: z.array(z.object({ step: z.string(), is: z.enum(['ok', 'failed', 'notReached']), detail: z.string() })),
})
type Asked = { provider?: 'github' | 'gitlab'; baseUrl: string; certificateAuthority?: string; token?: string }

let world: NetworkWorld
let github: GitHubSimulator
let authority: TestAuthority
let ahead = 0
const closers: (() => unknown)[] = []

beforeAll(async () => {
  world = await openNetworkWorld({}, undefined, () => new Date(Date.now() + ahead))
  github = await startGitHub({ layout: 'enterprise' })
  github.user({ login: 'grace' })
  authority = await makeAuthority('Acme Root')
})
afterAll(async () => {
  for (const close of closers) await close()
  await authority[Symbol.asyncDispose]()
  await github[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const ask = (asked: Asked) => world.caller.mutate('connections.probe', { provider: 'gitlab', ...asked })

/** What a probe tells, a minute after the one before. */
async function probe(asked: Asked) {
  ahead += 61_000
  const given = await ask(asked)
  if (asked.token) expect(given.body).not.toContain(asked.token)
  const { steps } = dataOf(given, answer)
  const failed = steps.find(({ is }) => is === 'failed')
  return {
    steps,
    body: given.body,
    /** Of each step whether it is ok, in order. */
    came: steps.map(({ is }) => is),
    failed: failed ? `${failed.step}: ${failed.detail}` : null,
  }
}

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, host, listening))
  closers.push(() => new Promise((closed) => server.close(closed)))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

/** A web server that is no provider, and the headers that it was sent. */
async function somethingElse(listener: RequestListener) {
  const seen: IncomingHttpHeaders[] = []
  const port = await listen(
    createServer((request, response) => {
      seen.push(request.headers)
      listener(request, response)
    }),
  )
  return { url: `http://127.0.0.1:${port}`, seen }
}

async function behindTls(names: string, days?: number): Promise<string> {
  const front = await startTlsFront(world.gitlab.url, await authority.issue(names, days))
  closers.push(() => front[Symbol.asyncDispose]())
  return `https://127.0.0.1:${front.port}`
}

const nowhere = ['notReached', 'notReached', 'notReached', 'notReached', 'notReached']

describe('a probe of an address, on its way', () => {
  test('ends at the name when nobody knows it', async () => {
    const { came, failed } = await probe({ baseUrl: 'https://git.acme.invalid' })
    expect(failed).toMatch(/^name: The name git\.acme\.invalid was not found\. Look whether/)
    expect(came).toEqual(['failed', ...nowhere])
  })

  test('ends at the connection when nobody listens', async () => {
    const host = `127.0.0.1:${await freePort()}`
    const { came, failed } = await probe({ baseUrl: `https://${host}` })
    expect(failed).toContain(`connection: ${host} refused the connection. Look whether`)
    expect(came).toEqual(['ok', 'failed', ...nowhere.slice(1)])
  })

  test('ends at the connection, and makes none, when the address is an inner one', async () => {
    let hits = 0
    const trap = createRawServer((socket) => {
      hits += 1
      socket.destroy()
    })
    const port = await listen(trap, '127.0.0.2')
    const { failed } = await probe({ baseUrl: `https://127.0.0.2:${port}` })
    expect(failed).toMatch(/^connection: 127\.0\.0\.2:\d+ is at a private address\. .* TRUSTED_HOSTS/)
    expect(hits).toBe(0)
  })

  test('ends at TLS without the authority, and says what to give', async () => {
    const { came, failed } = await probe({ baseUrl: await behindTls('IP:127.0.0.1') })
    expect(failed).toMatch(/^tls: .* authority that is not trusted here\. .* give its certificate/)
    expect(came).toEqual(['ok', 'ok', 'failed', ...nowhere.slice(2)])
  })

  test.each([
    ['has ended', 'IP:127.0.0.1', -1, /^tls: .* has ended/],
    ['is for another name', 'DNS:git.acme.test', 30, /^tls: .* for another name/],
  ])('ends at TLS when the certificate %s', async (_, names, days, words) => {
    const certificateAuthority = authority.pem
    expect((await probe({ baseUrl: await behindTls(names, days), certificateAuthority })).failed).toMatch(words)
  })

  test('ends at TLS when the port speaks none', async () => {
    const { url } = await somethingElse((_, response) => response.end())
    expect((await probe({ baseUrl: url.replace('http:', 'https:') })).failed).toMatch(/^tls: No secure connection/)
  })

  test.each<[string, RequestListener]>([
    ['a page', (_, response) => response.setHeader('content-type', 'text/html').end(`<h1>${SECRET}</h1>`)],
    ['JSON of its own', (_, response) => response.end(JSON.stringify({ version: 4, secret: SECRET }))],
    ['a refusal', (_, response) => response.writeHead(401, { 'x-inner': SECRET }).end(SECRET)],
    ['nothing of the kind', (_, response) => response.writeHead(404).end(SECRET)],
  ])('ends at the instance when %s answers, tells nothing of it and shows it no token', async (_, listener) => {
    const { url, seen } = await somethingElse(listener)
    const { came, failed, body } = await probe({ baseUrl: url, token: world.token })
    expect(failed).toMatch(/^instance: What answers at 127\.0\.0\.1:\d+ is neither GitHub nor GitLab\./)
    expect(came).toEqual(['ok', 'ok', 'ok', 'failed', 'notReached', 'notReached'])
    expect(body).not.toContain(SECRET)
    expect(seen.length).toBeGreaterThan(0)
    expect(JSON.stringify(seen)).not.toContain(world.token)
  })

  test('ends at the instance when the address leads elsewhere, and does not say where', async () => {
    const { url, seen } = await somethingElse((_, response) =>
      response.writeHead(302, { location: `https://${SECRET}.example/` }).end(),
    )
    const { failed, body } = await probe({ baseUrl: url, token: world.token })
    expect(failed).toMatch(/^instance: .* leads to another address/)
    expect(body).not.toContain(SECRET)
    expect(JSON.stringify(seen)).not.toContain(world.token)
  })

  test('ends at the instance while it is out of order', async () => {
    const fault = world.gitlab.fault({ kind: 'status', status: 503, area: 'api' })
    expect((await probe({ baseUrl: world.gitlab.url })).failed).toMatch(/^instance: .* can't answer now/)
    fault.lift()
  })

  test.each([
    ['GitLab', () => probe({ provider: 'github', baseUrl: world.gitlab.url })],
    ['GitHub', () => probe({ provider: 'gitlab', baseUrl: github.url })],
  ])('ends at the instance when it is a %s, and says what to choose', async (name, asking) => {
    expect((await asking()).failed).toContain(`is a ${name}. Choose ${name} as the provider.`)
    world.gitlab.takeUnexpected()
    github.takeUnexpected()
  })

  test('finds a GitLab without a token', async () => {
    const { came, steps } = await probe({ baseUrl: world.gitlab.url })
    expect(came).toEqual(['ok', 'ok', 'ok', 'ok', 'notReached', 'notReached'])
    expect(steps[3]?.detail).toBe('A GitLab. It tells its version only to who signs in.')
    expect(steps[4]?.detail).toBe('No token was given.')
  })

  test('comes to the end at a GitLab behind an authority of its own, with its version', async () => {
    const baseUrl = await behindTls('IP:127.0.0.1')
    const { came, steps } = await probe({ baseUrl, certificateAuthority: authority.pem, token: world.token })
    expect(came).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok'])
    expect(steps.slice(3).map(({ detail }) => detail)).toEqual([
      'GitLab 18.6.1-ee.',
      'As ada, by a personal access token.',
      'Enough: api.',
    ])
  })

  test('ends at authentication when the token is not known there', async () => {
    const { came, failed } = await probe({ baseUrl: world.gitlab.url, token: `glpat-${'a'.repeat(20)}` })
    expect(failed).toMatch(/^authentication: GitLab answered 401 Unauthorized\. .* Paste a new token/)
    expect(came).toEqual(['ok', 'ok', 'ok', 'ok', 'failed', 'notReached'])
  })

  test('ends at the scopes when one is missing, and names it', async () => {
    const token = world.gitlab.token({ user: 'ada', scopes: ['read_user', 'read_repository'] })
    const { came, failed, steps } = await probe({ baseUrl: world.gitlab.url, token })
    expect(failed).toMatch(/^scopes: GitLab accepted the token, but it lacks the scope read_api/)
    expect(came).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'failed'])
    expect(steps[4]?.detail).toContain('As ada')
  })

  test('finds a GitHub Enterprise Server with its version, and what the token lacks', async () => {
    const token = github.token({ user: 'grace', kind: 'classic', scopes: ['gist'] })
    const { steps, failed } = await probe({ provider: 'github', baseUrl: github.url, token })
    expect(steps[3]).toEqual({ step: 'instance', is: 'ok', detail: 'GitHub Enterprise Server 3.19.1.' })
    expect(failed).toMatch(/^scopes: GitHub accepted the token, but it lacks the scope repo/)
    const wrong = await probe({ provider: 'github', baseUrl: github.url, token: `ghp_${'a'.repeat(36)}` })
    expect(wrong.failed).toMatch(/^authentication: GitHub answered 401 Bad credentials/)
  })
})

describe('a probe', () => {
  test('leaves nothing in the log', async () => {
    const entries = async () => (await world.caller.query('audit.list', { limit: 200 })).body
    const before = await entries()
    await probe({ baseUrl: world.gitlab.url, token: world.token })
    expect(await entries()).toBe(before)
  })

  test.each([
    ['baseUrl', { baseUrl: 'http://git.acme.test' }],
    ['baseUrl', { baseUrl: `https://oauth2:${'x'.repeat(20)}@git.acme.test` }],
    ['certificateAuthority', { baseUrl: 'https://git.acme.test', certificateAuthority: 'no certificate' }],
    ['token', { baseUrl: 'https://git.acme.test', token: `ghp_${'a'.repeat(36)}` }],
  ])('names the field %s when it can not be right', async (field, asked) => {
    const { status, body } = await ask(asked)
    expect(status).toBe(400)
    expect(body).toContain(`"field":"${field}"`)
  })

  test('is done a few times a minute, so that nobody looks through a network with it', async () => {
    ahead += 61_000
    const baseUrl = `https://127.0.0.1:${await freePort()}`
    const statuses = await Promise.all(Array.from({ length: 15 }, async () => (await ask({ baseUrl })).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(12)
    expect(statuses.filter((status) => status === 429)).toHaveLength(3)
    ahead += 61_000
    expect((await ask({ baseUrl })).status).toBe(200)
  })
})
