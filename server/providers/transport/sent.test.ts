import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { TransportError, type TransportFailure } from './failure.ts'
import { createGuardedFetch, type GuardOptions } from './guarded-fetch.ts'
import { parseTrustedHosts } from './trusted-hosts.ts'

const POST = { method: 'POST', body: 'refresh_token=only-once' }
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  closers.push(() => server.close())
  const address: AddressInfo | string | null = server.address()
  if (!address || typeof address === 'string') throw new Error('the test server has no port')
  return `127.0.0.1:${address.port}`
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener)
  closers.push(() => server.closeAllConnections())
  return listen(server)
}

/** A server below HTTP; `handle` gets each connection. */
function serveRaw(handle: (socket: Socket) => void): Promise<string> {
  return listen(
    createServer((socket) => {
      closers.push(() => socket.destroy())
      handle(socket.on('error', () => {}))
    }),
  )
}

/** How a POST to the address fails; fails itself where there was an answer. */
async function failureOf(
  url: string,
  options: Partial<GuardOptions> = {},
  signal?: AbortSignal,
): Promise<TransportFailure> {
  const trustedHosts = parseTrustedHosts('127.0.0.1, slow.test')
  const fetch = createGuardedFetch({ trustedHosts, userAgent: 'test', ...options })
  const error: unknown = await fetch(url, { ...POST, ...(signal ? { signal } : {}) }).then(
    (response) => new Error(`answered ${response.status}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof TransportError)) throw error
  return error.failure
}

describe('a request', () => {
  test('was not sent when the name is not found', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
    expect(await failureOf('https://no.test/', { resolve })).toMatchObject({ kind: 'name-not-found', sent: false })
  })

  test('was not sent when the address may not be reached', async () => {
    expect(await failureOf('https://127.0.0.1:9443/', { trustedHosts: parseTrustedHosts('') })).toMatchObject({
      kind: 'blocked-address',
      sent: false,
    })
    expect(await failureOf('http://git.example/')).toMatchObject({ kind: 'plain-http', sent: false })
  })

  test('was not sent when the connection is refused', async () => {
    const server = createServer()
    const host = await listen(server)
    server.close()
    await once(server, 'close')
    expect(await failureOf(`http://${host}/`)).toMatchObject({ kind: 'connection-refused', sent: false })
  })

  test('was not sent when the other side speaks no TLS', async () => {
    const host = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))
    expect((await failureOf(`https://${host}/`)).sent).toBe(false)
  })

  test('was not sent when TLS breaks off, though a reset can mean both', async () => {
    const host = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()))
    expect(await failureOf(`https://${host}/`)).toMatchObject({ kind: 'reset', sent: false })
  })

  test('was not sent when the deadline passes before TLS is agreed', async () => {
    const host = await serveRaw(() => {})
    expect(await failureOf(`https://${host}/`, { deadlineMs: 300 })).toMatchObject({ kind: 'timeout', sent: false })
  })

  test('was not sent, and is not later, when the deadline passes before the name is found', async () => {
    let asked = 0
    const { promise: found, resolve: find } = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    const server = createHttpServer((_, response) => {
      asked += 1
      response.end()
    })
    // The connection may still be made; nothing may come over it.
    server.on('connection', (socket) => socket.once('close', () => arrived.resolve()))
    closers.push(() => server.closeAllConnections())
    const host = await listen(server)
    const resolve = async () => {
      await found
      return [{ address: '127.0.0.1', family: 4 }]
    }
    const url = `http://slow.test:${host.split(':')[1]}/`
    expect(await failureOf(url, { resolve, deadlineMs: 100 })).toMatchObject({ kind: 'timeout', sent: false })
    find()
    await arrived.promise
    expect(asked).toBe(0)
  })

  test('may have been acted upon when nobody waits for the answer any more', async () => {
    const late = new AbortController()
    const host = await serve(() => late.abort())
    expect(await failureOf(`http://${host}/`, {}, late.signal)).toMatchObject({ kind: 'timeout', sent: true })
  })

  test.each<[string, kinds: RegExp, RequestListener]>([
    ['the connection is reset', /reset/, (request) => request.socket.resetAndDestroy()],
    ['the answer breaks off', /reset|failed/, (request, r) => r.write('{', () => request.socket.resetAndDestroy())],
    ['the answer is too large', /too-large/, (_, r) => r.end('a'.repeat(2_000))],
    ['the answer nests too deep', /too-large/, (_, r) => r.end('['.repeat(100))],
  ])('may have been acted upon when %s', async (_, kinds, listener) => {
    const host = await serve(listener)
    expect(await failureOf(`http://${host}/`, { maxBytes: 1_000 })).toMatchObject({
      kind: expect.stringMatching(kinds),
      sent: true,
    })
  })
})
