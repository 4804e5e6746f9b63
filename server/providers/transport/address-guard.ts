import { lookup as systemLookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isPublicAddress, reachOf } from './addresses.ts'
import type { TransportFailure } from './failure.ts'
import { isTrusted, type TrustedHost, withoutDot } from './trusted-hosts.ts'

export type ResolvedAddress = { address: string; family: number }

/** Asks the name server for every address of a name. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>

export type AddressGuardOptions = {
  trustedHosts: readonly TrustedHost[]
  /** Defaults to the system's resolver. */
  lookup?: Lookup
  /** Defaults to the rule of `addresses.ts`; tests name loopback addresses public here. */
  isPublicAddress?: (address: string) => boolean
}

export type Destination =
  | { kind: 'open'; addresses: readonly [ResolvedAddress, ...ResolvedAddress[]] }
  | { kind: 'refused'; failure: TransportFailure }

/** Decides where an outgoing call may go; HTTP and git ask the same guard. */
export type AddressGuard = {
  /** What is wrong with a URL before any name is looked up; null if nothing is. */
  refusalOf(url: URL): TransportFailure | null
  /** The addresses to connect to, each of them checked; one bad one refuses them all. */
  resolve(url: URL): Promise<Destination>
  /** Whether a connection that leads to this address may be used for this URL. */
  allows(url: URL, address: string): boolean
}

/** Builds the guard from what the operator trusts. */
export function createAddressGuard(options: AddressGuardOptions): AddressGuard {
  const { trustedHosts, lookup = lookupAll, isPublicAddress: isPublic = isPublicAddress } = options

  const allows = (url: URL, address: string) =>
    isPublic(address) || (isTrusted(trustedHosts, url) && reachOf(address) !== 'never')

  const refusalOf = (url: URL): TransportFailure | null => {
    const host = hostOf(url)
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      return { kind: 'bad-request', host, detail: 'only https addresses can be asked' }
    }
    if (url.username !== '' || url.password !== '') {
      return { kind: 'bad-request', host, detail: 'the address holds a user name or password' }
    }
    const literal = literalOf(url)
    if (literal !== null && !allows(url, literal)) return blocked(host)
    if (url.protocol === 'http:' && !isTrusted(trustedHosts, url)) return { kind: 'plain-http', host, detail: '' }
    return null
  }

  return {
    allows,
    refusalOf,
    async resolve(url) {
      const refusal = refusalOf(url)
      if (refusal) return { kind: 'refused', failure: refusal }
      const host = hostOf(url)
      const literal = literalOf(url)
      if (literal !== null) return { kind: 'open', addresses: [{ address: literal, family: isIP(literal) }] }
      const found = await lookup(withoutDot(url.hostname)).catch((error: unknown) => lookupFailure(host, error))
      if ('kind' in found) return { kind: 'refused', failure: found }
      const [first, ...rest] = found
      if (!first) return { kind: 'refused', failure: { kind: 'name-not-found', host, detail: 'no address' } }
      if (!found.every(({ address }) => allows(url, address))) return { kind: 'refused', failure: blocked(host) }
      return { kind: 'open', addresses: [first, ...rest] }
    },
  }
}

/** Names a host for people and for failures: with its port where one is written, without anything else of the URL. */
export function hostOf(url: URL): string {
  return url.port === '' ? withoutDot(url.hostname) : `${withoutDot(url.hostname)}:${url.port}`
}

/** The address that a URL names instead of a host; null where it names a host. */
export function literalOf(url: URL): string | null {
  const bare = url.hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? null : bare
}

function blocked(host: string): TransportFailure {
  // The address stays untold: whoever may enter a host name could otherwise list the inner network by it.
  return { kind: 'blocked-address', host, detail: 'not on the open internet' }
}

function lookupAll(hostname: string): Promise<ResolvedAddress[]> {
  return systemLookup(hostname, { all: true })
}

function lookupFailure(host: string, error: unknown): TransportFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const isUnknownName = code === 'ENOTFOUND' || code === 'ENODATA'
  return { kind: isUnknownName ? 'name-not-found' : 'name-lookup', host, detail: code }
}
