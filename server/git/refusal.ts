/** Why a provider's git server said no. */
export type RefusalReason = 'credential' | 'not-found' | 'permission' | 'sso' | 'ip-list' | 'redirect' | 'no-branch'

type Refusal = { kind: 'refused'; reason: RefusalReason; text: string } | { kind: 'unreachable'; text: string }

/** The providers' own words, the more telling first. */
const WORDS: readonly (readonly [RegExp, RefusalReason, string])[] = [
  [/SAML SSO|valid SSO session|re-authorize the OAuth/i, 'sso', 'The organization asks for single sign-on.'],
  [/IP allow list/i, 'ip-list', 'The organization allows only certain IP addresses.'],
  [
    /Write access to repository not granted|not allowed to download|Pulling over HTTP/i,
    'permission',
    'The token may not read this repository.',
  ],
  [
    /unable to update url base from redirection|redirect|returned error: 30[12378]/i,
    'redirect',
    'The server sent git to another address.',
  ],
  [
    /Repository not found|project you were looking for could not be found|repository '.*' not found/i,
    'not-found',
    'The repository was not found with this token.',
  ],
  [
    /Authentication failed|HTTP Basic: Access denied|Invalid username or|could not read (Username|Password)|returned error: 401/i,
    'credential',
    'git was refused with this token.',
  ],
  [/returned error: 403/i, 'permission', 'The token may not read this repository.'],
]

/** What git prints where TLS ends badly, built with OpenSSL or with GnuTLS. */
const CERTIFICATE =
  /certificate verification failed|SSL certificate problem|certificate subject name|no alternative certificate|gnutls_handshake|SSL_ERROR|SSL_connect/i

/** What git prints where the operator's proxy opens no way, in older and newer words of curl. */
const PROXY =
  /(?:HTTP code|CONNECT tunnel failed, response) (\d{3})(?: from proxy|$)|Proxy CONNECT aborted|resolve proxy/i

/** Sorts what git printed; what is not a known refusal settles nothing. */
export function refusalOf(text: string): Refusal {
  const proxy = PROXY.exec(text)
  if (proxy) {
    return {
      kind: 'unreachable',
      text: `The proxy did not let git pass${proxy[1] ? ` (${proxy[1]})` : ''}. Ask the operator to look at HTTPS_PROXY.`,
    }
  }
  if (CERTIFICATE.test(text)) {
    return {
      kind: 'unreachable',
      text: "git does not trust the server's certificate, or agreed on no secure connection.",
    }
  }
  const found = WORDS.find(([words]) => words.test(text))
  return found
    ? { kind: 'refused', reason: found[1], text: found[2] }
    : { kind: 'unreachable', text: 'git got no usable answer.' }
}
