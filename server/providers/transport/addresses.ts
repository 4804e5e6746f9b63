import ipaddr from 'ipaddr.js'

/**
 * How far an address lies from the open internet: `public` may be reached by everybody, `inner` only where the
 * operator trusts the host by name, `never` not even then.
 */
export type AddressReach = 'public' | 'inner' | 'never'

/**
 * Cloud metadata services hand out credentials of the machine to whoever asks from it. The link-local one needs no
 * entry here, its range is closed as a whole; these lie in ranges that are open, or open to trusted hosts.
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
const METADATA_ADDRESSES = new Set(['168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254'])

/** No provider lives here; the tunnels among them can carry any IPv4 address, the closed ones too. */
const CLOSED_RANGES = new Set(['linkLocal', 'multicast', 'unspecified', 'broadcast', '6to4', 'teredo', 'rfc6145'])

/** The deprecated IPv4-compatible form `::a.b.c.d`, which ipaddr.js counts as ordinary unicast. */
const IPV4_COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96')

/** Says who may reach an address; text that is no address at all is never reached. */
export function reachOf(address: string): AddressReach {
  if (!ipaddr.isValid(address)) return 'never'
  // `process` unwraps ::ffff:a.b.c.d, so that a mapped address is judged by the IPv4 address inside.
  const parsed = ipaddr.process(address)
  const range = parsed.range()
  if (CLOSED_RANGES.has(range) || METADATA_ADDRESSES.has(parsed.toString())) return 'never'
  if (parsed instanceof ipaddr.IPv6 && parsed.match(IPV4_COMPATIBLE)) return range === 'loopback' ? 'inner' : 'never'
  return range === 'unicast' ? 'public' : 'inner'
}
