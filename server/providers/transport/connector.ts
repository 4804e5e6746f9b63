import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP, type Socket } from 'node:net'
import { rootCertificates } from 'node:tls'
import { buildConnector } from 'undici'
import { type AddressReach, reachOf } from './addresses.ts'
import { failureOf, TransportError, type TransportFailure } from './failure.ts'
import type { OperatorProxy, Proxies } from './proxies.ts'
import type { TrustedHosts } from './trusted-hosts.ts'
import { openTunnel } from './tunnel.ts'

const CONNECT_MS = 5_000

/** Resolves a name to all its addresses. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>

/** What decides which way a connection goes, and whether it may. */
export interface Guard {
  readonly trustedHosts: TrustedHosts
  /** Absent: everything goes directly. */
  readonly proxies?: Proxies
  readonly resolve?: Resolve
  readonly reach?: (address: string) => AddressReach
}

/** How a place is reached: at an address that was checked, or through a proxy, which looks the name up itself. */
export type Way =
  | { readonly by: 'address'; readonly address: string }
  | { readonly by: 'proxy'; readonly proxy: OperatorProxy }

/**
 * Finds the way to a place. Directly, every address of the name must be allowed, one that is not refuses them all. By
 * a proxy only what is written can be judged: an address, or a name of this machine.
 * @throws {TransportError}
 */
export async function findWay(url: URL, guard: Guard): Promise<Way> {
  const trusted = guard.trustedHosts.includes(url)
  const mayGo = (address: string) => mayReach(address, guard, trusted)
  const refused = (kind: TransportFailure['kind'], during: TransportFailure['during']) =>
    new TransportError({ kind, host: url.host, sent: false, during })
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(literal)
  const proxy = guard.proxies?.for(url) ?? null
  if (proxy) {
    const blocked = family ? !mayGo(literal) : /(^|\.)localhost\.?$/.test(literal)
    if (blocked) throw refused('blocked-address', 'connection')
    return { by: 'proxy', proxy }
  }
  const resolve = guard.resolve ?? resolveBySystem
  const found = family ? [{ address: literal, family }] : await resolve(url.hostname).catch(notFound(url.host))
  const [first] = found
  if (!first) throw refused('name-not-found', 'name')
  for (const { address } of found) if (!mayGo(address)) throw refused('blocked-address', 'connection')
  // Loopback names have both families; most servers there listen on the older one only.
  return { by: 'address', address: (found.find((candidate) => candidate.family === 4) ?? first).address }
}

function notFound(host: string): (error: unknown) => never {
  return (error) => {
    throw new TransportError({ ...failureOf(error, { host, sent: false }), during: 'name' })
  }
}

/** Connects to what the guard allows, by the way that it finds. `authority` (PEM) is trusted beside the public ones. */
export function guardedConnector(guard: Guard & { readonly authority?: string | null }): buildConnector.connector {
  const ca = guard.authority ? { ca: [...rootCertificates, guard.authority] } : {}
  const dial = buildConnector({ timeout: CONNECT_MS })
  const secure = buildConnector({ timeout: CONNECT_MS, maxCachedSessions: 0, allowH2: false, ...ca })
  return (target, callback) => {
    // undici gives an IPv6 address without its brackets.
    const name = isIP(target.hostname) === 6 ? `[${target.hostname}]` : target.hostname
    const host = target.port ? `${name}:${target.port}` : name
    const url = new URL(`${target.protocol}//${host}`)
    const port = target.port || (url.protocol === 'https:' ? '443' : '80')
    const reached = async (): Promise<Socket> => {
      const way = await findWay(url, guard)
      if (way.by === 'proxy') return openTunnel(way.proxy, { hostname: name, port, host: url.host })
      // The very address that was checked is the one connected to: there is no second look-up to turn.
      const plain = { hostname: way.address, protocol: 'http:', port }
      const socket = await connected(dial, plain, { host: url.host, during: 'connection' })
      if (mayReach(socket.remoteAddress ?? '', guard, guard.trustedHosts.includes(url))) return socket
      socket.destroy()
      throw new TransportError({ kind: 'blocked-address', host: url.host, sent: false, during: 'connection' })
    }
    const ready = async (): Promise<Socket> => {
      const httpSocket = await reached()
      if (url.protocol !== 'https:') return httpSocket
      const servername = isIP(target.hostname) ? {} : { servername: target.hostname }
      const wanted = { ...target, host, port, httpSocket, ...servername }
      return connected(secure, wanted, { host: url.host, during: 'tls' }).catch((error: unknown) => {
        httpSocket.destroy()
        throw error
      })
    }
    ready().then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new Error('no connection'), null),
    )
  }
}

function connected(
  connect: buildConnector.connector,
  target: buildConnector.Options,
  step: { host: string; during: TransportFailure['during'] },
): Promise<Socket> {
  return new Promise((done, failed) => {
    connect(target, (error, socket) => {
      if (socket) return done(socket)
      failed(new TransportError({ ...failureOf(error, { host: step.host, sent: false }), during: step.during }))
    })
  })
}

function mayReach(address: string, guard: Pick<Guard, 'reach'>, trusted: boolean): boolean {
  const reach = (guard.reach ?? reachOf)(address)
  return reach === 'public' || (reach === 'inner' && trusted)
}

function resolveBySystem(hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })
}
