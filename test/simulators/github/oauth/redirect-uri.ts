import type { OAuthClient } from './client.ts'

/**
 * True when a client may have people led back to this address.
 * @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#redirect-urls
 */
export function mayLeadTo({ kind, callbackUrls }: OAuthClient, asked: string): boolean {
  if (kind === 'github-app') return callbackUrls.includes(asked)
  const [callback, wanted] = [URL.parse(callbackUrls[0] ?? ''), URL.parse(asked)]
  return callback !== null && wanted !== null && sameHost(callback, wanted) && liesBelow(callback, wanted)
}

function sameHost(callback: URL, wanted: URL): boolean {
  if (callback.protocol !== wanted.protocol) return false
  if (LOOPBACK.test(callback.hostname)) return callback.hostname === wanted.hostname
  const below = wanted.hostname === callback.hostname || wanted.hostname.endsWith(`.${callback.hostname}`)
  return below && wanted.port === callback.port
}

/** On the person's own machine the port is whatever was free. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/

function liesBelow(callback: URL, wanted: URL): boolean {
  const root = callback.pathname.replace(/\/$/, '')
  return wanted.pathname === callback.pathname || wanted.pathname.startsWith(`${root}/`)
}
