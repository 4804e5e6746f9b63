import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { bodyStream } from '../body-stream.ts'
import type { RecordedRequest } from '../recording.ts'
import type { Fault } from './fault.ts'
import type { SetFault } from './fault-list.ts'

type RateLimitFault = Extract<Fault, { kind: 'rate-limit-primary' | 'rate-limit-secondary' }>

/** How one provider words what every provider can say. */
export type Dialect = {
  readonly requestIdHeaders: readonly string[]
  htmlPage(status: number): string
  rateLimited(fault: RateLimitFault, record: RecordedRequest): Response
}

/** A request in the hands of a fault. */
export type Spoiling = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly record: RecordedRequest
  readonly dialect: Dialect
  /** Does what was asked and gives the usual answer. */
  proceed(): Promise<Response>
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

/** Does to one request what the fault says. */
export async function perform({ fault, lifted }: SetFault, spoiling: Spoiling): Promise<Response> {
  const { incoming, outgoing, record, dialect, proceed } = spoiling
  const left = new Promise<void>((resolve) => outgoing.once('close', () => resolve()))
  switch (fault.kind) {
    case 'status':
      return chosenAnswer(fault)
    case 'html':
      return new Response(dialect.htmlPage(fault.status), {
        status: fault.status,
        headers: { 'content-type': 'text/html; charset=utf-8' },
      })
    case 'redirect':
      return new Response(null, { status: fault.status, headers: { location: fault.location } })
    case 'rate-limit-primary':
    case 'rate-limit-secondary':
      return dialect.rateLimited(fault, record)
    case 'hang':
      await Promise.race([lifted, left])
      return outgoing.destroyed ? RESPONSE_ALREADY_SENT : proceed()
    case 'delay':
      await Promise.race([pause(fault.milliseconds, undefined, { ref: false }), lifted])
      return proceed()
    case 'reset':
      incoming.socket.resetAndDestroy()
      return RESPONSE_ALREADY_SENT
    case 'lost-answer':
      await (await proceed()).arrayBuffer()
      incoming.socket.resetAndDestroy()
      return RESPONSE_ALREADY_SENT
    case 'withheld-answer': {
      const answer = await proceed()
      await Promise.race([lifted, left])
      return outgoing.destroyed ? RESPONSE_ALREADY_SENT : answer
    }
    case 'cut':
      return cutShort(await proceed(), spoiling)
    case 'empty':
      return new Response('', { headers: JSON_TYPE })
    case 'garbage':
      return new Response(randomBytes(fault.sizeBytes), { headers: JSON_TYPE })
    case 'not-http':
      incoming.socket.end('\u0000\u0001 this is no answer\r\n\r\n')
      return RESPONSE_ALREADY_SENT
    case 'huge-headers':
      return new Response('{}', { headers: { ...JSON_TYPE, 'x-filler': 'x'.repeat(fault.sizeBytes) } })
    case 'endless':
      return new Response(bodyStream(endlessJson()), { headers: JSON_TYPE })
    case 'drip':
      return dripping(await proceed(), fault.everyMilliseconds)
    case 'gzip-bomb':
      return new Response(bodyStream(Readable.from(zeros(fault.sizeBytes)).pipe(createGzip({ level: 9 }))), {
        headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      })
    case 'bad-gzip':
      return new Response('this was never packed', { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } })
    case 'deep-json':
      return new Response('['.repeat(fault.depth) + ']'.repeat(fault.depth), { headers: JSON_TYPE })
    case 'headers':
      return withHeaders(await proceed(), fault.set, fault.remove)
    case 'no-request-id':
      return withHeaders(await proceed(), {}, dialect.requestIdHeaders)
    case 'foreign-link':
      return linkingTo(await proceed(), fault.origin)
  }
}

function chosenAnswer(fault: Extract<Fault, { kind: 'status' }>): Response {
  const { body, status } = fault
  if (status === 204 || status === 205 || status === 304)
    return new Response(null, { status, headers: fault.headers ?? {} })
  if (typeof body === 'string') return new Response(body, { status, headers: fault.headers ?? {} })
  return new Response(JSON.stringify(body ?? {}), { status, headers: { ...JSON_TYPE, ...fault.headers } })
}

async function cutShort(response: Response, { incoming, outgoing }: Spoiling): Promise<Response> {
  const body = Buffer.from(await response.arrayBuffer())
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': String(body.length),
  })
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.destroy())
  return RESPONSE_ALREADY_SENT
}

async function dripping(response: Response, everyMilliseconds: number): Promise<Response> {
  const body = Buffer.from(await response.arrayBuffer())
  async function* drops() {
    for (const byte of body) {
      yield Buffer.from([byte])
      await pause(everyMilliseconds, undefined, { ref: false })
    }
  }
  return new Response(bodyStream(drops()), { status: response.status, headers: response.headers })
}

function withHeaders(response: Response, set: Record<string, string>, remove: readonly string[]): Response {
  const changed = new Response(response.body, response)
  for (const name of remove) changed.headers.delete(name)
  for (const [name, value] of Object.entries(set)) changed.headers.set(name, value)
  return changed
}

function linkingTo(response: Response, origin: string): Response {
  const link = response.headers.get('link')
  if (link === null) return response
  const elsewhere = link.replaceAll(/<https?:\/\/[^/>]+/g, `<${origin.replace(/\/$/, '')}`)
  return withHeaders(response, { link: elsewhere }, [])
}

function* zeros(sizeBytes: number) {
  const chunk = Buffer.alloc(1024 * 1024)
  for (let sent = 0; sent < sizeBytes; sent += chunk.length)
    yield chunk.subarray(0, Math.min(chunk.length, sizeBytes - sent))
}

function* endlessJson() {
  yield '["'
  for (;;) yield 'x'.repeat(16 * 1024)
}
