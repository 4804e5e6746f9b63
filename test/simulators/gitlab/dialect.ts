import { randomUUID } from 'node:crypto'
import type { SimulatedClock } from '../clock.ts'
import type { Dialect } from '../faults/perform.ts'
import { json } from './answers.ts'
import { retryLater, throttleHeaders } from './throttle.ts'

/** GitLab's way to say what every provider can say. */
export function gitlabDialect(clock: SimulatedClock): Dialect {
  return {
    requestIdHeaders: ['x-request-id', 'x-gitlab-meta'],
    htmlPage: (status) =>
      `<!DOCTYPE html>\n<html><head><title>GitLab is not responding (${status})</title></head><body><h1>${status}</h1><p>Whoops, GitLab is taking too much time to respond.</p></body></html>\n`,
    rateLimited(fault) {
      const now = clock.now()
      // A limit of one endpoint answers in JSON, and the middleware's headers still show calls to spare.
      if (fault.kind === 'rate-limit-secondary') {
        const endsAt = now.getTime() + 60_000
        const text = 'This endpoint has been requested too many times. Try again later.'
        const headers = { ...throttleHeaders(2000, 12, endsAt), 'x-request-id': randomUUID() }
        return json({ message: { error: text } }, fault.status ?? 429, headers)
      }
      const endsAt = now.getTime() + fault.resetSeconds * 1000
      return retryLater(endsAt, now, throttleHeaders(2000, 2001, endsAt))
    },
  }
}
