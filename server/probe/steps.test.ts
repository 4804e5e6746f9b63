import type { Evidence, Verdict } from '@git-connections/events'
import { describe, expect, test } from 'vitest'
import { nothingLearned } from '../providers/check.ts'
import type { TransportFailure } from '../providers/transport/failure.ts'
import { type Findings, probeSteps, stepsOf } from './steps.ts'

const found: Findings = {
  ...{ provider: 'gitlab', baseUrl: 'https://git.acme.test', proxied: false, mistaken: null },
  ...{ identity: { is: 'itself', version: null }, shown: { is: 'kept' } },
}
const evidence: Evidence = { ...nothingLearned, checkedAt: '2026-11-25T00:00:00.000Z', calls: [], durationMs: 1 }

const judged = (verdict: Verdict): Partial<Findings> => ({ shown: { is: 'judged', verdict } })
const refused = (reason: string): Partial<Findings> =>
  judged({ is: 'answered', outcome: 'invalid', reason, message: `It is ${reason}.`, evidence })

/** The step at which the way ended, with how far the others came. */
function endOf(more: Partial<Findings>): string {
  const steps = stepsOf({ ...found, ...more })
  expect(steps.map(({ step }) => step)).toEqual(probeSteps)
  const end = steps.findIndex(({ is }) => is === 'failed')
  expect(steps.slice(0, end).every(({ is }) => is === 'ok')).toBe(true)
  expect(steps.slice(end + 1).every(({ is }) => is === 'notReached')).toBe(true)
  return steps[end]?.step ?? 'none'
}

describe('the way to an instance', () => {
  const failures: [Partial<TransportFailure>, string][] = [
    [{ kind: 'name-not-found' }, 'name'],
    [{ kind: 'timeout' }, 'name'],
    [{ kind: 'timeout', during: 'connection' }, 'connection'],
    [{ kind: 'timeout', during: 'tls' }, 'tls'],
    [{ kind: 'timeout', sent: true }, 'instance'],
    [{ kind: 'blocked-address' }, 'connection'],
    [{ kind: 'connection-refused' }, 'connection'],
    [{ kind: 'proxy-refused', during: 'connection' }, 'connection'],
    [{ kind: 'reset', during: 'tls' }, 'tls'],
    [{ kind: 'reset', sent: true }, 'instance'],
    [{ kind: 'tls-authority' }, 'tls'],
    [{ kind: 'tls' }, 'tls'],
    [{ kind: 'too-large', sent: true }, 'instance'],
  ]
  test.each(failures)('that ends by %j ends at the step "%s"', (failure, step) => {
    const whole: TransportFailure = { kind: 'failed', host: 'git.acme.test', sent: false, ...failure }
    expect(endOf({ identity: { is: 'none', failure: whole } })).toBe(step)
    const said = stepsOf({ ...found, identity: { is: 'none', failure: whole } }).find(({ is }) => is === 'failed')
    // What happened, and what to do next.
    expect(said?.detail).toMatch(/\. (Look|The operator can|Ask|If|Whoever|Use)/)
  })

  test.each(['other', 'elsewhere', 'failing'] as const)('ends at the instance when it is %s', (is) => {
    expect(endOf({ identity: { is } })).toBe('instance')
  })

  test.each([
    ['badCredentials', 'authentication'],
    ['unauthorized', 'authentication'],
    ['scopesMissing', 'scopes'],
    ['permissionMissing', 'scopes'],
  ])('ends, for a token that is %s, at the step "%s"', (reason, step) => {
    expect(endOf(refused(reason))).toBe(step)
  })

  test('ends at authentication when nothing was learned of the token', () => {
    const nothing = { is: 'unanswered', reason: 'rateLimited', message: 'x', retryAfterMs: null, evidence } as const
    expect(endOf(judged(nothing))).toBe('authentication')
  })

  test('ends at authentication when the token has ended and could not be renewed', () => {
    const message = 'Access was withdrawn. Reconnect the account.'
    expect(endOf({ shown: { is: 'ended', message } })).toBe('authentication')
    const steps = stepsOf({ ...found, shown: { is: 'ended', message } })
    expect(steps.find(({ is }) => is === 'failed')?.detail).toBe(message)
  })

  test('says that no token was given, and leaves out what would need one', () => {
    const [name, , , instance, authentication, scopes] = stepsOf({ ...found, shown: { is: 'none' } })
    expect([name?.is, instance?.is]).toEqual(['ok', 'ok'])
    expect(authentication).toMatchObject({ is: 'notReached', detail: 'No token was given.' })
    expect(scopes).toMatchObject({ is: 'notReached', detail: '' })
  })

  test('says what the proxy did for it', () => {
    const [name, connection] = stepsOf({ ...found, proxied: true })
    expect([name?.detail, connection?.detail]).toEqual(['Left to the proxy.', 'The proxy opened the way.'])
  })
})
