import { describe, expect, it } from 'vitest'
import { advise } from './advice.ts'

const since = new Date('2026-03-10T12:00:00Z')
const before = new Date('2026-03-10T11:59:59Z')
const after = new Date('2026-03-10T12:00:01Z')
type Connection = Parameters<typeof advise>[0]
const works: Connection = {
  ...{ provider: 'github', method: 'token', status: 'active', enabled: true, reason: 'accepted', refreshable: false },
  ...{ status_since: since, checked_at: before },
}

const next = (connection: Partial<Connection>) => advise({ ...works, ...connection }).action

describe('the next thing to do (P23)', () => {
  it('is nothing where all is well, and to enable what is disabled, whatever its status', () => {
    expect(next({})).toBe('none')
    expect(next({ enabled: false })).toBe('enable')
    expect(next({ enabled: false, status: 'revoked' })).toBe('enable')
  })

  it.each(['expired', 'error'] as const)('is to validate what is %s, then a new token', (status) => {
    expect(next({ status })).toBe('validate')
    expect(next({ status, checked_at: null })).toBe('validate')
    expect(next({ status, checked_at: after })).toBe('replaceToken')
    expect(next({ status, checked_at: after, method: 'oauth' })).toBe('reconnect')
  })

  it('is to refresh a grant that can be refreshed, to reconnect one that has ended or whose refresh was left open', () => {
    const grant = { status: 'error', method: 'oauth', refreshable: true } as const
    expect(next(grant)).toBe('validate')
    expect(next({ ...grant, checked_at: after })).toBe('refresh')
    expect(next({ ...grant, reason: 'refreshUnknown' })).toBe('reconnect')
    expect(next({ ...grant, status: 'expired' })).toBe('validate')
    expect(next({ ...grant, status: 'expired', checked_at: after })).toBe('reconnect')
  })

  it.each(['revoked', 'invalid'] as const)('is a new token for what is %s', (status) => {
    expect(next({ status })).toBe('replaceToken')
    expect(next({ status, method: 'oauth' })).toBe('reconnect')
  })

  it('is to validate again where the token only lacks a scope that GitHub can add', () => {
    for (const status of ['invalid', 'error'] as const) {
      expect(next({ status, reason: 'scopesMissing', checked_at: after })).toBe('validate')
    }
    expect(next({ status: 'invalid', reason: 'scopesMissing', provider: 'gitlab' })).toBe('replaceToken')
  })

  it('is to validate an App whose installation is suspended, once that is lifted', () => {
    const suspended = { method: 'githubApp', reason: 'installationSuspended' } as const
    for (const status of ['revoked', 'error'] as const) expect(next({ ...suspended, status })).toBe('validate')
  })

  it('names both steps where validating comes first', () => {
    expect(advise({ ...works, status: 'expired' }).text).toBe(
      'Validate first. If that does not help: Create a new token and update the connection.',
    )
  })
})
