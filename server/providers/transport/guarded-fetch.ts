import { Agent, type Dispatcher, fetch as undiciFetch } from 'undici'
import { type Guard, guardedConnector } from './connector.ts'
import { failureOf, TransportError } from './failure.ts'
import { isNestedTooDeep } from './json-depth.ts'

const DEADLINE_MS = 30_000
const MOST_BYTES = 10_000_000
const MOST_HEADER_BYTES = 32 * 1024

/** The shape of `fetch`, as the providers' libraries take it. */
export type GuardedFetch = (url: string, init?: RequestInit) => Promise<Response>

/** What the guard goes by. */
export interface GuardOptions extends Guard {
  readonly userAgent: string
  readonly deadlineMs?: number
  readonly maxBytes?: number
  /** A certificate authority (PEM) that is trusted beside the public ones. */
  readonly authority?: string | null
}

/**
 * The one way out: a fetch that connects only to public addresses and to hosts that the operator trusts, checks each
 * address at the moment of connecting (a proxy of the operator looks names up itself), follows no redirect, ends after
 * a total deadline (30 s) and reads at most so many decoded bytes (10 MB). The whole body is read before it answers. It
 * rejects with a TransportError.
 */
export function createGuardedFetch(options: GuardOptions): GuardedFetch {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS
  const agent = new Agent({
    connect: guardedConnector(options),
    maxHeaderSize: MOST_HEADER_BYTES,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    pipelining: 0,
    allowH2: false,
  })
  return async (address, init = {}) => {
    const url = URL.parse(address)
    if (!url) throw new TransportError({ kind: 'failed', host: 'The address', sent: false })
    const host = url.host
    if (url.username || url.password) throw new TransportError({ kind: 'failed', host, sent: false })
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && options.trustedHosts.includes(url))) {
      throw new TransportError({ kind: 'plain-http', host, sent: false })
    }
    const deadline = AbortSignal.timeout(deadlineMs)
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline
    const headers = headersOf(init, host)
    headers.set('user-agent', options.userAgent)
    headers.delete('cookie')
    const body = typeof init.body === 'string' ? { body: init.body } : {}
    let sent = false
    const dispatcher = watchSending(agent, () => {
      sent = true
    })
    try {
      const response = await undiciFetch(url, {
        ...{ method: init.method ?? 'GET', headers: [...headers], redirect: 'manual', signal, dispatcher },
        ...body,
      })
      const bytes = await readCapped(response.body, { host, most: options.maxBytes ?? MOST_BYTES })
      if (isNestedTooDeep(bytes)) throw new TransportError({ kind: 'too-large', host, sent })
      const empty = response.status === 204 || response.status === 205 || response.status === 304
      const answer = new Response(empty ? null : bytes, {
        status: response.status,
        statusText: response.statusText,
        headers: [...response.headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length'),
      })
      // Libraries report it; a Response that was made by hand has none.
      Object.defineProperty(answer, 'url', { value: url.href })
      return answer
    } catch (error) {
      throw new TransportError(failureOf(error, { host, sent }))
    }
  }
}

/** The platform's own complaint about a header quotes its value, which may be a token. */
function headersOf(init: RequestInit, host: string): Headers {
  try {
    return new Headers(init.headers)
  } catch {
    throw new TransportError({ kind: 'failed', host, sent: false })
  }
}

/** Tells when a request is about to be written to its connection; until then nobody can have seen any of it. */
function watchSending(agent: Agent, onSending: () => void): Dispatcher {
  return agent.compose((dispatch) => (options, handler) => {
    const watched: Dispatcher.DispatchHandler = Object.create(handler)
    watched.onRequestStart = (controller, context) => {
      onSending()
      handler.onRequestStart?.(controller, context)
    }
    return dispatch(options, watched)
  })
}

type Body = AsyncIterable<Uint8Array> | null

/** Counts decoded bytes: a small compressed body can be a huge one. */
async function readCapped(body: Body, limit: { host: string; most: number }): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body ?? []) {
    size += part.byteLength
    if (size > limit.most) throw new TransportError({ kind: 'too-large', host: limit.host, sent: true })
    parts.push(part)
  }
  return Buffer.concat(parts)
}
