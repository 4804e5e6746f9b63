import type { Remote } from './remote.ts'

/** The settings that open one way to one place: its protocol, the address that was checked or the proxy, its authority. */
export function settingsOfWay(remote: Remote): string[] {
  const { target, way, bundle } = remote
  const authority = bundle === null ? [] : [`http.sslCAInfo=${bundle}`]
  return [`protocol.${target.protocol.slice(0, -1)}.allow=always`, ...settingsOf({ target, way }), ...authority]
}

function settingsOf({ way, target }: Pick<Remote, 'way' | 'target'>): string[] {
  if (way.by === 'proxy') {
    const { secure, hostname, port, username, password } = way.proxy
    // The password would be seen by everybody on the machine here; git asks for it where there is a user.
    const user = username || password ? `${encodeURIComponent(username)}@` : ''
    return [`http.proxy=${secure ? 'https' : 'http'}://${user}${hostname}:${port}`, 'http.proxyAuthMethod=basic']
  }
  const { address } = way
  if (address === target.hostname.replace(/^\[|\]$/g, '')) return []
  // git looks names up by itself; pinning keeps it to the address that was checked.
  const port = target.port || (target.protocol === 'https:' ? '443' : '80')
  return [`http.curloptResolve=${target.hostname}:${port}:${address.includes(':') ? `[${address}]` : address}`]
}
