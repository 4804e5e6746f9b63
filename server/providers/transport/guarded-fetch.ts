import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP } from 'node:net'
import { rootCertificates } from 'node:tls'
import { Agent, buildConnector, type Dispatcher, fetch as undiciFetch } from 'undici'
import { type AddressReach, reachOf } from './addresses.ts'
import { failureOf, TransportError } from './failure.ts'
import { isNestedTooDeep } from './json-depth.ts'
import type { TrustedHosts } from './trusted-hosts.ts'

const DEADLINE_MS = 30_000
const CONNECT_MS = 5_000
const MOST_BYTES = 10_000_000
const MOST_HEADER_BYTES = 32 * 1024

/** Resolves a name to all its addresses. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>

/** The shape of `fetch`, as the providers' libraries take it. */
export type GuardedFetch = (url: string, init?: RequestInit) => Promise<Response>

/** What the guard goes by. */
export interface GuardOptions {
  readonly trustedHosts: TrustedHosts
  readonly userAgent: string
  readonly resolve?: Resolve
  readonly reach?: (address: string) => AddressReach
  readonly deadlineMs?: number
  readonly maxBytes?: number
  /** A certificate authority (PEM) that is trusted beside the public ones. */
  readonly authority?: string | null
}

/**
 * The one way out: a fetch that connects only to public addresses and to hosts that the operator trusts, checks each
 * address at the moment of connecting, follows no redirect, ends after a total deadline (30 s) and reads at most so
 * many decoded bytes (10 MB). The whole body is read before it answers. It rejects with a TransportError.
 */
export function createGuardedFetch(options: GuardOptions): GuardedFetch {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS
  const agent = new Agent({
    connect: guardedConnector(options),
    maxHeaderSize: MOST_HEADER_BYTES,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    pipelining: 0,
    allowH2: false,
  })
  return async (address, init = {}) => {
    const url = URL.parse(address)
    if (!url) throw new TransportError({ kind: 'failed', host: 'The address', sent: false })
    const host = url.host
    if (url.username || url.password) throw new TransportError({ kind: 'failed', host, sent: false })
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && options.trustedHosts.includes(url))) {
      throw new TransportError({ kind: 'plain-http', host, sent: false })
    }
    const deadline = AbortSignal.timeout(deadlineMs)
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline
    const headers = headersOf(init, host)
    headers.set('user-agent', options.userAgent)
    headers.delete('cookie')
    const body = typeof init.body === 'string' ? { body: init.body } : {}
    let sent = false
    const dispatcher = watchSending(agent, () => {
      sent = true
    })
    try {
      const response = await undiciFetch(url, {
        ...{ method: init.method ?? 'GET', headers: [...headers], redirect: 'manual', signal, dispatcher },
        ...body,
      })
      const bytes = await readCapped(response.body, { host, most: options.maxBytes ?? MOST_BYTES })
      if (isNestedTooDeep(bytes)) throw new TransportError({ kind: 'too-large', host, sent })
      const empty = response.status === 204 || response.status === 205 || response.status === 304
      const answer = new Response(empty ? null : bytes, {
        status: response.status,
        statusText: response.statusText,
        headers: [...response.headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length'),
      })
      // Libraries report it; a Response that was made by hand has none.
      Object.defineProperty(answer, 'url', { value: url.href })
      return answer
    } catch (error) {
      throw new TransportError(failureOf(error, { host, sent }))
    }
  }
}

/** The platform's own complaint about a header quotes its value, which may be a token. */
function headersOf(init: RequestInit, host: string): Headers {
  try {
    return new Headers(init.headers)
  } catch {
    throw new TransportError({ kind: 'failed', host, sent: false })
  }
}

/** Tells when a request is about to be written to its connection; until then nobody can have seen any of it. */
function watchSending(agent: Agent, onSending: () => void): Dispatcher {
  return agent.compose((dispatch) => (options, handler) => {
    const watched: Dispatcher.DispatchHandler = Object.create(handler)
    watched.onRequestStart = (controller, context) => {
      onSending()
      handler.onRequestStart?.(controller, context)
    }
    return dispatch(options, watched)
  })
}

type Body = AsyncIterable<Uint8Array> | null

/** Counts decoded bytes: a small compressed body can be a huge one. */
async function readCapped(body: Body, limit: { host: string; most: number }): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body ?? []) {
    size += part.byteLength
    if (size > limit.most) throw new TransportError({ kind: 'too-large', host: limit.host, sent: true })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function guardedConnector(options: GuardOptions): buildConnector.connector {
  const ca = options.authority ? { ca: [...rootCertificates, options.authority] } : {}
  const connect = buildConnector({ timeout: CONNECT_MS, maxCachedSessions: 0, allowH2: false, ...ca })
  return (target, callback) => {
    const host = target.port ? `${target.hostname}:${target.port}` : target.hostname
    const trusted = options.trustedHosts.includes(new URL(`${target.protocol}//${host}`))
    pickAddress(target.hostname, { ...options, trusted, host }).then(
      ({ address }) => {
        const servername = isIP(target.hostname) ? undefined : target.hostname
        // The very address that was checked is the one connected to: there is no second look-up to turn.
        connect({ ...target, hostname: address, host, ...(servername ? { servername } : {}) }, (error, socket) => {
          if (error) return callback(error, null)
          const remote = socket.remoteAddress ?? ''
          if (!mayReach(remote, { ...options, trusted })) {
            socket.destroy()
            return callback(new TransportError({ kind: 'blocked-address', host, sent: false }), null)
          }
          callback(null, socket)
        })
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error('look-up failed'), null),
    )
  }
}

/**
 * The address to connect to: every address of the name must be allowed, one that is not refuses them all.
 * @throws {TransportError}
 */
export async function pickAddress(
  hostname: string,
  guard: Pick<GuardOptions, 'resolve' | 'reach'> & { trusted: boolean; host: string },
): Promise<{ address: string; family: number }> {
  const literal = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(literal)
  const resolve = guard.resolve ?? resolveBySystem
  const found = family ? [{ address: literal, family }] : await resolve(hostname)
  const [first] = found
  if (!first) throw new TransportError({ kind: 'name-not-found', host: guard.host, sent: false })
  for (const { address } of found) {
    if (!mayReach(address, guard)) throw new TransportError({ kind: 'blocked-address', host: guard.host, sent: false })
  }
  // Loopback names have both families; most servers there listen on the older one only.
  return found.find((candidate) => candidate.family === 4) ?? first
}

function mayReach(address: string, guard: { reach?: GuardOptions['reach']; trusted: boolean }): boolean {
  const reach = (guard.reach ?? reachOf)(address)
  return reach === 'public' || (reach === 'inner' && guard.trusted)
}

function resolveBySystem(hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })
}
