import { isIP } from 'node:net'
import { ConfigError } from '../../config.ts'

/** Places that the operator vouches for: they may be private, and may be spoken to without TLS. */
export interface TrustedHosts {
  readonly includes: (url: URL) => boolean
}

/**
 * Reads TRUSTED_HOSTS: names or addresses, each with a port or for every port, separated by commas.
 * @throws {ConfigError} naming the entry that is wrong.
 */
export function parseTrustedHosts(text: string): TrustedHosts {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseEntry)
  return {
    includes: (url) =>
      entries.some(({ hostname, port }) => hostname === bare(url.hostname) && (port === null || port === portOf(url))),
  }
}

function parseEntry(entry: string): { hostname: string; port: string | null } {
  const text = isIP(entry) === 6 ? `[${entry}]` : entry
  const url = URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : null
  if (!url || /[/@?#\s]/.test(text))
    throw new ConfigError(`TRUSTED_HOSTS: "${entry}" must be a host or host:port, such as git.example.com:8443`)
  // A URL drops the default port of its scheme, so it is taken from the text.
  const port = /:(\d+)$/.exec(text.replace(/^\[[^\]]*\]/, ''))?.[1] ?? null
  return { hostname: bare(url.hostname), port }
}

function bare(hostname: string): string {
  return hostname.replace(/\.$/, '').toLowerCase()
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80')
}
