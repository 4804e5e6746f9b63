/** Why no answer came. */
export type TransportFailure = {
  readonly kind:
    | 'blocked-address'
    | 'plain-http'
    | 'name-not-found'
    | 'connection-refused'
    /** Its certificate comes from no authority that is trusted here. */
    | 'tls-authority'
    /** Its certificate, or the one of its authority, is not valid at this time. */
    | 'tls-dates'
    /** Its certificate is for other names. */
    | 'tls-name'
    | 'tls'
    /** The proxy that the operator set was not reached. */
    | 'proxy-unreachable'
    /** It wants a user and password, or others. */
    | 'proxy-authentication'
    /** It opened no way to the host. */
    | 'proxy-refused'
    | 'timeout'
    | 'reset'
    | 'too-large'
    | 'failed'
  /** Host and port, never more of the URL. */
  readonly host: string
  /** False when no byte of the request left, so that the other side certainly did nothing because of it. */
  readonly sent: boolean
  /** The step at which it failed, where that is known. */
  readonly during?: 'name' | 'connection' | 'tls'
  /** The status that a proxy answered. */
  readonly answer?: number
}

/** A call ended without an answer that can be used. Its message is for people and never quotes what was sent. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly failure: TransportFailure

  constructor(failure: TransportFailure) {
    super(sentence(failure))
    this.failure = failure
  }
}

/** What happened, in one sentence. */
export function sentence({ kind, host, answer }: TransportFailure): string {
  switch (kind) {
    case 'blocked-address':
      return `${host} is at a private address. The operator can allow it in TRUSTED_HOSTS.`
    case 'plain-http':
      return `${host} was asked for over plain http. Use https, or let the operator add it to TRUSTED_HOSTS.`
    case 'name-not-found':
      return `The name ${host} was not found.`
    case 'connection-refused':
      return `${host} refused the connection.`
    case 'tls-authority':
      return `${host} has a certificate of an authority that is not trusted here. If it is the instance's own, give its certificate (PEM) as the connection's certificate authority.`
    case 'tls-dates':
      return `The certificate of ${host} has ended or is not valid yet. Whoever runs it must renew it.`
    case 'tls-name':
      return `The certificate of ${host} is for another name. Use the name that it was made for, or let whoever runs it add this one.`
    case 'tls':
      return `No secure connection (TLS) to ${host} could be agreed. Look whether the port is right and speaks https.`
    case 'proxy-unreachable':
      return `The proxy on the way to ${host} could not be reached. Ask the operator to look at HTTPS_PROXY.`
    case 'proxy-authentication':
      return `The proxy on the way to ${host} did not accept its user and password (407). Ask the operator to look at HTTPS_PROXY.`
    case 'proxy-refused':
      return `The proxy on the way to ${host} did not let the request pass${answer ? ` (${answer})` : ''}. Ask the operator to look at the proxy, or at NO_PROXY.`
    case 'timeout':
      return `${host} did not answer in time.`
    case 'reset':
      return `${host} broke the connection off.`
    case 'too-large':
      return `${host} sent more than can be right.`
    case 'failed':
      return `${host} could not be reached.`
  }
}

const KINDS: Readonly<Record<string, TransportFailure['kind']>> = {
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'connection-refused',
  ENETUNREACH: 'connection-refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  HPE_HEADER_OVERFLOW: 'too-large',
  ETIMEDOUT: 'timeout',
  HPE_INVALID_EOF_STATE: 'reset',
}

/** What is wrong with a certificate, by the names that OpenSSL and Node give it. */
const CERTIFICATE: readonly (readonly [RegExp, TransportFailure['kind']])[] = [
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, 'tls-dates'],
  [/^ERR_TLS_CERT_ALTNAME_/, 'tls-name'],
  [
    /^UNABLE_TO_(VERIFY_LEAF|GET_ISSUER)|SELF_SIGNED|^CERT_(SIGNATURE_FAILURE|UNTRUSTED|REJECTED)|INVALID_CA|INVALID_PURPOSE/,
    'tls-authority',
  ],
  [/CERT|TLS|SSL|^EPROTO$|UNABLE_TO_VERIFY/, 'tls'],
]

/**
 * Sorts whatever a client library threw, through its causes.
 * @param asked the host, and whether the request may have left by then
 */
export function failureOf(error: unknown, asked: { readonly host: string; readonly sent: boolean }): TransportFailure {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof TransportError) return cause.failure
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    const kind = KINDS[code]
    if (kind) return { kind, ...asked }
    const wrong = CERTIFICATE.find(([name]) => name.test(code))
    if (wrong) return { kind: wrong[1], ...asked }
    if (cause.name === 'AbortError' || cause.name === 'TimeoutError') return { kind: 'timeout', ...asked }
  }
  return { kind: 'failed', ...asked }
}
