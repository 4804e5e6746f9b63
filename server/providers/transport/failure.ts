/**
 * Why a provider could not be asked, or why its answer was not taken.
 *
 * `bad-request`: the URL or a header cannot be sent. `plain-http`: only trusted hosts are asked without TLS.
 * `blocked-address`: the host lies inside a network that nobody opened. `name-lookup`: the name server gave no answer,
 * which says nothing about the name. `reset`: the connection broke. `malformed`: what came is not proper HTTP.
 * `redirect`: the host sends us elsewhere, and we do not go. `cancelled`: the caller gave up.
 */
export type TransportFailureKind =
  | 'bad-request'
  | 'plain-http'
  | 'blocked-address'
  | 'name-not-found'
  | 'name-lookup'
  | 'connection-refused'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'too-large'
  | 'too-deep'
  | 'malformed'
  | 'not-json'
  | 'redirect'
  | 'cancelled'

export type TransportFailure = {
  kind: TransportFailureKind
  /** Host, with the port where one was written; never a path or a query. Empty where the URL has none. */
  host: string
  /** A short cause in our own words, or an error code such as ECONNRESET; never text from the request or the answer. */
  detail: string
}

/** Carries a failure through libraries that expect `fetch` to throw. It keeps no `cause`: causes quote what was sent. */
export class TransportError extends Error {
  readonly failure: TransportFailure

  constructor(failure: TransportFailure) {
    super(sentence(failure))
    this.name = 'TransportError'
    this.failure = failure
  }
}

/**
 * Finds the failure in whatever a library threw, through the errors that it was wrapped in.
 *
 * @returns null where the error is no transport failure.
 */
export function failureIn(error: unknown): TransportFailure | null {
  for (let depth = 0, at = error; depth < 8 && at instanceof Error; depth++, at = at.cause) {
    if (at instanceof TransportError) return at.failure
  }
  return null
}

/** One plain sentence for people. */
export function sentence({ kind, host, detail }: TransportFailure): string {
  const who = host === '' ? 'The host' : host
  switch (kind) {
    case 'bad-request':
      return `The request to ${host === '' ? 'the host' : host} could not be made: ${detail}.`
    case 'plain-http':
      return `${who} is asked over plain http; use https, or let the operator add it to TRUSTED_HOSTS.`
    case 'blocked-address':
      return `${who} is ${detail}; the operator can allow private hosts in TRUSTED_HOSTS.`
    case 'name-not-found':
      return `There is no host named ${who}; check the spelling.`
    case 'name-lookup':
      return `The address of ${who} could not be looked up just now (${detail}).`
    case 'connection-refused':
      return `${who} refused the connection; check the port, and whether it is running.`
    case 'unreachable':
      return `${who} cannot be reached from this server (${detail}).`
    case 'tls':
      return `A secure connection to ${who} was not possible: ${detail}.`
    case 'timeout':
      return `${who} took too long: ${detail}.`
    case 'reset':
      return `The connection to ${who} broke off (${detail}).`
    case 'too-large':
      return `${who} sent more than is accepted: ${detail}.`
    case 'too-deep':
      return `${who} sent data nested deeper than is accepted: ${detail}.`
    case 'malformed':
      return `${who} sent an answer that is not proper HTTP: ${detail}.`
    case 'not-json':
      return `${who} did not answer as an API does: ${detail}.`
    case 'redirect':
      return `${who} redirects to ${detail}, which is not followed; enter the address where the provider really is.`
    case 'cancelled':
      return `The request to ${host === '' ? 'the host' : host} was given up.`
  }
}
