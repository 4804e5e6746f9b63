/** Why no answer came. */
export type TransportFailure = {
  readonly kind:
    | 'blocked-address'
    | 'plain-http'
    | 'name-not-found'
    | 'connection-refused'
    | 'tls'
    | 'timeout'
    | 'reset'
    | 'too-large'
    | 'failed'
  /** Host and port, never more of the URL. */
  readonly host: string
  /** False when no byte of the request left, so that the other side certainly did nothing because of it. */
  readonly sent: boolean
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
export function sentence({ kind, host }: TransportFailure): string {
  switch (kind) {
    case 'blocked-address':
      return `${host} is at a private address. The operator can allow it in TRUSTED_HOSTS.`
    case 'plain-http':
      return `${host} was asked for over plain http. Use https, or let the operator add it to TRUSTED_HOSTS.`
    case 'name-not-found':
      return `The name ${host} was not found.`
    case 'connection-refused':
      return `${host} refused the connection.`
    case 'tls':
      return `${host} could not prove its identity by its certificate.`
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
    if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return { kind: 'tls', ...asked }
    if (cause.name === 'AbortError' || cause.name === 'TimeoutError') return { kind: 'timeout', ...asked }
  }
  return { kind: 'failed', ...asked }
}
