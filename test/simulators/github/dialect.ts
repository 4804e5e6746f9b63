import type { SimulatedClock } from '../clock.ts'
import type { Dialect } from '../faults/perform.ts'
import { Refusal } from './answers.ts'
import { requestId } from './call.ts'
import { payerOf } from './front-door.ts'
import type { GitHubWorld } from './world.ts'

/** GitHub's way to say what every provider can say. */
export function githubDialect(world: GitHubWorld, clock: SimulatedClock): Dialect {
  return {
    requestIdHeaders: ['x-github-request-id'],
    htmlPage: (status) => `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body>Unicorn!</body></html>\n`,
    rateLimited(fault, { credential }) {
      const token = credential ? world.tokens.get(credential.secret) : undefined
      const payer = token && payerOf({ token, user: world.requireUser(token.user) })
      const status = fault.status ?? 403
      const headers: Record<string, string> = { 'x-github-request-id': requestId() }
      if (fault.kind === 'rate-limit-secondary') {
        if (fault.retryAfter !== null) headers['retry-after'] = String(fault.retryAfter)
        const text = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
        return new Refusal(status, text, { headers }).toResponse()
      }
      const reset = Math.ceil(clock.now().getTime() / 1000) + fault.resetSeconds
      Object.assign(headers, {
        'x-ratelimit-limit': '5000',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-used': '5000',
        'x-ratelimit-reset': String(reset),
        'x-ratelimit-resource': 'core',
      })
      return new Refusal(status, `API rate limit exceeded for ${payer ?? '127.0.0.1'}.`, { headers }).toResponse()
    },
  }
}
