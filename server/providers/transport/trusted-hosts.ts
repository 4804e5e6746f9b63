/** A place that the operator trusts: it may lie inside the network, and may be asked over plain http. */
export type TrustedHost = {
  /** As `URL.hostname` writes it: lower case, punycode, IPv6 in brackets, no dot at the end. */
  hostname: string
  /** Null trusts every port of the host. */
  port: number | null
}

export type TrustedHostsParsed = { kind: 'parsed'; hosts: readonly TrustedHost[] } | { kind: 'wrong'; problem: string }

/** Reads `TRUSTED_HOSTS`: entries `host` or `host:port`, separated by commas; the first wrong one is named. */
export function parseTrustedHosts(text: string): TrustedHostsParsed {
  const hosts: TrustedHost[] = []
  for (const part of text.split(',')) {
    const entry = part.trim()
    if (entry === '') continue
    const parsed = parseEntry(entry)
    if (typeof parsed === 'string') return { kind: 'wrong', problem: `"${printable(entry)}" ${parsed}` }
    hosts.push(parsed)
  }
  return { kind: 'parsed', hosts }
}

/** Whether a URL leads to a host that the operator trusts, on a port that he trusts. */
export function isTrusted(hosts: readonly TrustedHost[], url: URL): boolean {
  const hostname = withoutDot(url.hostname)
  const port = portOf(url)
  return hosts.some((host) => host.hostname === hostname && (host.port === null || host.port === port))
}

/** The port that a URL leads to, the scheme's own one where none is written. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'http:' ? 80 : 443
}

/** A host name without the dot that marks it as complete, which changes nothing about where it leads. */
export function withoutDot(hostname: string): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname
}

function parseEntry(entry: string): TrustedHost | string {
  if (entry.includes('://')) return 'has a scheme: write only host or host:port.'
  if (entry.includes('@')) return 'has a user name: write only host or host:port.'
  if (/\/\d+$/.test(entry)) return 'is a range of addresses: name each host by itself.'
  if (/[/\\?#]/.test(entry)) return 'has a path: write only host or host:port.'
  if (entry.includes('*')) return 'has a wildcard: name each host by itself.'
  if (/\s/.test(entry)) return 'has a blank inside: separate hosts by commas.'
  const match = /^(\[[^[\]]+\]|[^:[\]]+)(?::([^:]*))?$/.exec(entry)
  if (!match?.[1]) {
    return entry.includes(':') && !/[^0-9a-f:.[\]]/i.test(entry)
      ? 'looks like an IPv6 address: write it in brackets, as in [fd00::1] or [fd00::1]:8443.'
      : 'is not a host: write host or host:port.'
  }
  const hostname = hostnameOf(match[1])
  if (hostname === null) return 'is not a host: write a name such as gitlab.example.com or an address.'
  if (match[2] === undefined) return { hostname, port: null }
  const port = /^\d{1,5}$/.test(match[2]) ? Number(match[2]) : 0
  return port >= 1 && port <= 65535 ? { hostname, port } : 'has a wrong port: write a number from 1 to 65535.'
}

/** Goes through `URL`, so that an entry is spelled as the URLs that it is compared with. */
function hostnameOf(text: string): string | null {
  const url = URL.parse(`http://${text}/`)
  return url && url.hostname !== '' ? withoutDot(url.hostname) : null
}

function printable(entry: string): string {
  return entry.replace(/[^\x20-\x7e]/g, '?').slice(0, 100)
}
