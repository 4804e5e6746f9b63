import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { type Config, ConfigError } from '../../config.ts'
import type { TrustedHosts } from './trusted-hosts.ts'

/** A proxy that the operator set. User and password are for the proxy alone: they are never shown. */
export interface OperatorProxy {
  readonly secure: boolean
  readonly hostname: string
  readonly port: number
  /** Blank where it asks for none. */
  readonly username: string
  readonly password: string
}

/** Which way a request goes. */
export interface Proxies {
  /** The proxy that carries requests to an address; null where they go directly. */
  readonly for: (url: URL) => OperatorProxy | null
  /** Host and port of the proxy, for people; null where there is none. */
  readonly shown: string | null
}

type Settings = Pick<Config, 'httpsProxy' | 'httpProxy' | 'noProxy'>

/**
 * Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. What the operator trusts by name is near, and reached directly.
 * @throws {ConfigError} naming the variable, and never what stands in it.
 */
export function readProxies(settings: Settings, trusted: TrustedHosts): Proxies {
  const proxy = settings.httpsProxy
    ? parseProxy('HTTPS_PROXY', settings.httpsProxy)
    : settings.httpProxy
      ? parseProxy('HTTP_PROXY', settings.httpProxy)
      : null
  const direct = parseExceptions(settings.noProxy ?? '')
  return {
    for: (url) => (proxy === null || trusted.includes(url) || direct(url) ? null : proxy),
    shown: proxy && `${proxy.hostname}:${proxy.port}`,
  }
}

function parseProxy(variable: string, value: string): OperatorProxy {
  // Many write host:port alone, which reads as http.
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`)
  const secure = url?.protocol === 'https:'
  if (!url || url.hostname === '' || !(secure || url.protocol === 'http:')) {
    throw new ConfigError(`${variable} must be the address of an http proxy, such as http://proxy.example.com:3128`)
  }
  return {
    secure,
    hostname: url.hostname,
    port: Number(url.port) || (secure ? 443 : 80),
    username: decoded(variable, url.username),
    password: decoded(variable, url.password),
  }
}

function decoded(variable: string, text: string): string {
  try {
    const plain = decodeURIComponent(text)
    if (!/\p{Cc}/u.test(plain)) return plain
  } catch {
    // Told below, without the text.
  }
  throw new ConfigError(`${variable} has a user or password that can't be read; write % in them as %25`)
}

/** `*`, a name with everything below it (a leading dot is as good), an address, a range of them; each with a port or for all. */
function parseExceptions(text: string): (url: URL) => boolean {
  const entries = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(parseException)
  return (url) => {
    const hostname = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
    const port = url.port || (url.protocol === 'https:' ? '443' : '80')
    return entries.some((entry) => (entry.port === null || entry.port === port) && entry.holds(hostname))
  }
}

function parseException(entry: string): { port: string | null; holds: (hostname: string) => boolean } {
  if (entry === '*') return { port: null, holds: () => true }
  const [range, bits] = entry.split('/')
  if (bits !== undefined && range !== undefined && ipaddr.isValidCIDR(entry)) {
    const block = ipaddr.parseCIDR(entry)
    return { port: null, holds: (hostname) => isIP(hostname) !== 0 && isWithin(ipaddr.process(hostname), block) }
  }
  const whole = isIP(entry) === 6 ? [entry, entry, undefined] : /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(entry)
  const name = (whole?.[1] ?? entry).replace(/^\*?\.|\.$/g, '')
  return { port: whole?.[2] ?? null, holds: (hostname) => hostname === name || hostname.endsWith(`.${name}`) }
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, block: ReturnType<typeof ipaddr.parseCIDR>): boolean {
  return address.kind() === block[0].kind() && address.match(block)
}
