import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { createLsRemote } from '../../git/ls-remote.ts'
import { TransportError } from './failure.ts'
import innerUrls from './fixtures/inner-urls.json' with { type: 'json' }
import { createGuardedFetch, type GuardOptions } from './guarded-fetch.ts'
import { parseTrustedHosts } from './trusted-hosts.ts'

const CANARY = 'canary-4711'
const toLoopback = async () => [{ address: '127.0.0.1', family: 4 }]
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** Counts connections; each is closed at once. */
async function openTrap() {
  const trap = { port: 0, hits: 0 }
  const server = createServer((socket) => {
    trap.hits += 1
    socket.on('error', () => {}).destroy()
  })
  trap.port = await listen(server)
  return trap
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener)
  closers.push(() => server.closeAllConnections())
  return `127.0.0.1:${await listen(server, '127.0.0.1')}`
}

async function listen(server: Server, host = '::'): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, host, listening))
  closers.push(() => server.close())
  const address: AddressInfo | string | null = server.address()
  if (!address || typeof address === 'string') throw new Error('the test server has no port')
  return address.port
}

function guarded(trusted: string, options: Partial<GuardOptions> = {}) {
  return createGuardedFetch({ trustedHosts: parseTrustedHosts(trusted), userAgent: 'test', ...options })
}

/** The kind of failure; fails where there was an answer. */
async function failureOf(call: Promise<Response>): Promise<string> {
  const error: unknown = await call.then(
    (response) => new Error(`answered ${response.status}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof TransportError)) throw error
  expect(JSON.stringify([error.message, error.failure, error.stack])).not.toContain(CANARY)
  return error.failure.kind
}

describe('a call to a place inside the network', () => {
  test('reaches nothing in any spelling', async () => {
    expect(innerUrls.length).toBeGreaterThanOrEqual(120)
    const trap = await openTrap()
    const fetch = guarded('', { resolve: toLoopback })
    const lsRemote = createLsRemote({ trustedHosts: parseTrustedHosts(''), resolve: toLoopback })
    for (const form of innerUrls) {
      const url = form.replace('{port}', String(trap.port))
      expect(await failureOf(fetch(url)), form).toMatch(/^(blocked-address|plain-http|failed)$/)
      expect((await lsRemote({ url, username: 'u', password: CANARY })).kind, form).toBe('unreachable')
    }
    expect(trap.hits).toBe(0)
  }, 60_000)

  test('would be caught by the trap if the policy were open', async () => {
    const trap = await openTrap()
    const fetch = guarded('', { resolve: toLoopback, reach: () => 'public' })
    const loopback = innerUrls.filter((form) => /^https:\/\/(127|0x7f|2130706433|localhost|\[::1\])/.test(form))
    for (const form of loopback) await fetch(form.replace('{port}', String(trap.port))).catch(() => {})
    expect(trap.hits).toBeGreaterThanOrEqual(15)
  })

  test('reaches a host that the operator trusts', async () => {
    const host = await serve((_, response) => response.end('here'))
    expect(await (await guarded(host)(`http://${host}/`)).text()).toBe('here')
  })

  test('reaches one that is trusted by its IPv6 address', async () => {
    const server = createHttpServer((_, response) => response.end('here'))
    const port = await listen(server, '::1')
    expect(await (await guarded('::1')(`http://[::1]:${port}/`)).text()).toBe('here')
  })

  test('is refused when one of several addresses is private', async () => {
    const trap = await openTrap()
    const reach = (address: string) => (address === '127.0.0.10' ? 'public' : 'inner')
    const resolve = async () => ['127.0.0.10', '127.0.0.1'].map((address) => ({ address, family: 4 }))
    expect(await failureOf(guarded('', { resolve, reach })(`https://mixed.test:${trap.port}/`))).toBe('blocked-address')
    expect(trap.hits).toBe(0)
  })

  test('does not come about by a name that changes its address between check and use', async () => {
    const trap = await openTrap()
    const reach = (address: string) => (address === '127.0.0.10' ? 'public' : 'inner')
    for (let round = 0; round < 100; round++) {
      let lookups = 0
      const resolve = async () => [{ address: lookups++ === 0 ? '127.0.0.10' : '127.0.0.1', family: 4 }]
      await failureOf(guarded('', { resolve, reach })(`https://turning.test:${trap.port}/`))
      expect(lookups).toBe(1)
    }
    expect(trap.hits).toBe(100)
  })
})

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('with status %i is handed back and not followed', async (status) => {
    const trap = await openTrap()
    const host = await serve((_, response) =>
      response.writeHead(status, { location: `http://127.0.0.1:${trap.port}/` }).end(),
    )
    const response = await guarded('127.0.0.1')(`http://${host}/`, { headers: { authorization: `Bearer ${CANARY}` } })
    expect(response.status).toBe(status)
    expect(trap.hits).toBe(0)
  })
})

describe('a hostile answer', () => {
  const huge = Buffer.alloc(20_000_000, 'a')
  // Packed before the deadline of a call begins to count.
  const gzip = gzipSync(huge)
  const brotli = brotliCompressSync(huge, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
  const hostile: Record<string, [kinds: RegExp, RequestListener]> = {
    'with a gzip bomb': [/too-large/, (_, r) => r.setHeader('content-encoding', 'gzip').end(gzip)],
    'with a brotli bomb': [/too-large/, (_, r) => r.setHeader('content-encoding', 'br').end(brotli)],
    'with a broken gzip body': [
      /failed|reset/,
      (_, r) => r.setHeader('content-encoding', 'gzip').end('no gzip at all'),
    ],
    'that never ends': [
      /too-large/,
      (_, r) => {
        const more = () => {
          while (!r.destroyed && r.write(huge)) {}
        }
        r.on('drain', more)
        more()
      },
    ],
    'that drips': [
      /timeout/,
      (_, r) => {
        const timer = setInterval(() => r.write('.'), 20)
        r.on('close', () => clearInterval(timer))
      },
    ],
    'that never begins': [/timeout/, () => {}],
    'nested a million deep': [/too-large/, (_, r) => r.end('['.repeat(1_000_000))],
    'with huge headers': [/too-large/, (_, r) => r.setHeader('x-long', 'a'.repeat(100_000)).end()],
    'that breaks off': [/reset|failed/, (request, r) => r.write('{"half":', () => request.socket.resetAndDestroy())],
    'shorter than it says': [
      /reset|failed/,
      (request, r) => r.setHeader('content-length', 100).write('short', () => request.socket.end()),
    ],
  }

  test.each(Object.entries(hostile))('%s ends as a failure', async (_, [kinds, listener]) => {
    const host = await serve(listener)
    // Short where its passing is what is tried; a busy machine may take long over the others.
    const deadlineMs = kinds.test('timeout') ? 1_500 : 15_000
    const call = guarded(host, { deadlineMs })(`http://${host}/x?token=${CANARY}`)
    expect(await failureOf(call)).toMatch(kinds)
  })

  test('that is no HTTP at all ends as a failure', async () => {
    const port = await listen(createServer((socket) => socket.on('error', () => {}).end('\u0000garbage\r\n\r\n')))
    expect(await failureOf(guarded('127.0.0.1')(`http://127.0.0.1:${port}/`))).toMatch(/failed|reset/)
  })

  test('from a closed port is told as a refused connection', async () => {
    const server = createServer()
    const port = await listen(server, '127.0.0.1')
    await new Promise((closed) => server.close(closed))
    expect(await failureOf(guarded('127.0.0.1')(`http://127.0.0.1:${port}/`))).toBe('connection-refused')
  })
})

describe('a request', () => {
  test('carries our own user agent and no cookie', async () => {
    const host = await serve((request, response) => response.end(JSON.stringify(request.headers)))
    const headers = { cookie: 'a=b', 'user-agent': 'theirs', authorization: 'x' }
    const seen: unknown = await (await guarded(host)(`http://${host}/`, { headers })).json()
    expect(seen).toMatchObject({ 'user-agent': 'test', authorization: 'x' })
    expect(seen).not.toHaveProperty('cookie')
  })

  test('with a header that HTTP forbids fails without quoting it', async () => {
    const call = guarded('a.test')('https://a.test/', { headers: { authorization: `Bearer ${CANARY}\nx` } })
    expect(await failureOf(call)).toBe('failed')
  })
})
