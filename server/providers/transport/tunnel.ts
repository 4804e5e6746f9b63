import { request as requestPlainly } from 'node:http'
import { request as requestSecurely } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { TransportError, type TransportFailure } from './failure.ts'
import type { OperatorProxy } from './proxies.ts'

/** A proxy looks the name up and connects before it answers. */
const OPEN_MS = 10_000

/**
 * Lets a proxy open a way to a place, and gives the connection on which that place is heard.
 * @param place its name (never an address that was not checked) with its port
 * @throws {TransportError} that nothing was sent, and whose fault it is
 */
export function openTunnel(
  proxy: OperatorProxy,
  place: { hostname: string; port: string; host: string },
): Promise<Socket> {
  const target = `${place.hostname}:${place.port}`
  const refused = (kind: TransportFailure['kind'], answer?: number) =>
    new TransportError({ kind, host: place.host, sent: false, during: 'connection', ...(answer ? { answer } : {}) })
  return new Promise((opened, failed) => {
    const host = proxy.hostname.replace(/^\[|\]$/g, '')
    const asked = (proxy.secure ? requestSecurely : requestPlainly)({
      method: 'CONNECT',
      ...{ host, port: proxy.port, path: target, agent: false },
      // Node would take the place's name from the header, and hold the proxy's certificate to it.
      servername: isIP(host) ? '' : host,
      headers: { host: target, ...proof(proxy) },
    })
    asked.setTimeout(OPEN_MS, () => asked.destroy(refused('timeout')))
    asked.once('connect', ({ statusCode = 0 }, socket: Socket, first: Buffer) => {
      if (statusCode >= 200 && statusCode < 300) {
        socket.setTimeout(0)
        if (first.length > 0) socket.unshift(first)
        return opened(socket)
      }
      socket.destroy()
      failed(statusCode === 407 ? refused('proxy-authentication') : refused('proxy-refused', statusCode))
    })
    // Node's own words would name the proxy.
    asked.once('error', (error) => failed(error instanceof TransportError ? error : refused('proxy-unreachable')))
    asked.end()
  })
}

function proof({ username, password }: OperatorProxy): Record<string, string> {
  if (username === '' && password === '') return {}
  const pair = Buffer.from(`${username}:${password}`).toString('base64')
  return { 'proxy-authorization': `Basic ${pair}` }
}
