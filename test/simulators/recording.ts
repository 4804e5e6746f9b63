import type { IncomingMessage } from 'node:http'

/** What a request showed to prove who it comes from. */
export type ShownCredential = {
  /** How it was shown: `bearer`, `token`, `basic`, or the name of the header or query field that carried it. */
  readonly scheme: string
  /** The user name of Basic; null for every other scheme. */
  readonly username: string | null
  readonly secret: string
}

/** One request as it arrived, and what became of it. */
export type RecordedRequest = {
  readonly sequence: number
  readonly at: Date
  readonly area: string
  readonly method: string
  /** As sent, still encoded, below the root of its area: `/user`, not `/api/v3/user`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly url: string
  /** The Host header: where the caller believed to be. */
  readonly host: string
  readonly headers: Readonly<Record<string, string>>
  readonly credential: ShownCredential | null
  /** The fields of a form or a JSON object that came with it; null where neither came. */
  body: Readonly<Record<string, unknown>> | null
  /** The template that answered, such as `GET /repos/{owner}/{repo}`; null if none did. */
  route: string | null
  /** Null when nothing was answered yet, or the connection ended first. */
  status: number | null
  /** The fault that took hold of it; null if it was answered as usual. */
  fault: string | null
}

/** Where an arriving request belongs: an area of the simulator, and its root on this origin. */
export type Area = { readonly name: string; readonly root: string }

/** Keeps every request in order of arrival. */
export class Recorder {
  readonly requests: RecordedRequest[] = []
  /** What the simulator itself threw: its own bugs, which must not pass for a provider's answer. */
  readonly failures: unknown[] = []
  /** The requests that no route expects. */
  readonly unexpected: RecordedRequest[] = []
  #sequence = 0

  record(incoming: IncomingMessage, area: Area, at: Date): RecordedRequest {
    const host = incoming.headers.host ?? ''
    const url = new URL(incoming.url ?? '/', `http://${host || 'unknown'}`)
    const request: RecordedRequest = {
      sequence: ++this.#sequence,
      at,
      area: area.name,
      method: incoming.method ?? 'GET',
      path: url.pathname.slice(area.root.length) || '/',
      query: Object.fromEntries(url.searchParams),
      url: url.href,
      host,
      headers: flatten(incoming.headers),
      credential: shownCredential(incoming.headers, url),
      body: null,
      route: null,
      status: null,
      fault: null,
    }
    this.requests.push(request)
    return request
  }

  takeUnexpected(): RecordedRequest[] {
    return this.unexpected.splice(0)
  }

  /**
   * Fails the test that let a request through which no route expects, or that made the simulator itself fail.
   * @throws {Error} naming each of them
   */
  assertNothingUnexpected(simulator: string): void {
    if (this.failures.length > 0)
      throw new AggregateError(this.failures, `${simulator} failed: ${this.failures.join('; ')}`)
    const lines = this.unexpected.map(({ method, url }) => `  ${method} ${url.replace(/[?].*/, '')}`)
    if (lines.length > 0) throw new Error(`${simulator} was asked for what it does not know:\n${lines.join('\n')}`)
  }

  clear(): void {
    this.requests.length = 0
    this.failures.length = 0
    this.unexpected.length = 0
  }
}

function flatten(headers: IncomingMessage['headers']): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}

function shownCredential(headers: IncomingMessage['headers'], url: URL): ShownCredential | null {
  const authorization = /^(\S+)[ ]+(.*)$/s.exec(headers.authorization ?? '')
  if (authorization) {
    const [, scheme = '', value = ''] = authorization
    if (scheme.toLowerCase() !== 'basic') return { scheme: scheme.toLowerCase(), username: null, secret: value.trim() }
    const pair = Buffer.from(value, 'base64').toString('utf8')
    const colon = pair.indexOf(':')
    return {
      scheme: 'basic',
      username: colon < 0 ? pair : pair.slice(0, colon),
      secret: colon < 0 ? '' : pair.slice(colon + 1),
    }
  }
  for (const name of ['private-token', 'job-token']) {
    const value = headers[name]
    if (typeof value === 'string') return { scheme: name, username: null, secret: value }
  }
  for (const name of ['private_token', 'access_token']) {
    const value = url.searchParams.get(name)
    if (value !== null) return { scheme: `query ${name}`, username: null, secret: value }
  }
  return null
}
