import { describe, expect, test } from 'vitest'
import { fold } from '../decider.ts'
import { specify } from '../testing.ts'
import { type ConnectionCommand, connection } from './connection.ts'
import type { ConnectionEvent } from './events.ts'
import { answered, at, deleted, grant, granted, refusedOnce, unanswered, validated } from './examples.ts'
import type { LinkedConnection } from './state.ts'
import type { Verdict } from './validation.ts'

const { given } = specify(connection)
const attemptId = 'first'
const start: ConnectionCommand = { type: 'StartRefresh', credentialVersion: 1, attemptId }
const started: ConnectionEvent = { type: 'TokenRefreshStarted', data: { credentialVersion: 1, attemptId } }
const complete: ConnectionCommand = {
  ...{ type: 'CompleteRefresh', credentialVersion: 1, fingerprint: 'new', credential: grant },
}
const refreshed = {
  type: 'TokenRefreshed' as const,
  data: { credentialVersion: 2, fingerprint: 'new', credential: grant },
}
const failure = (changes: Partial<Extract<ConnectionEvent, { type: 'TokenRefreshFailed' }>['data']> = {}) => ({
  ...{ credentialVersion: 1, attemptId, failure: 'unknown' as const, status: null },
  ...{ reason: 'cutOff', message: 'Nobody knows.', retryAt: null, ...changes },
})
const failed = (changes = {}): ConnectionEvent => ({ type: 'TokenRefreshFailed', data: failure(changes) })

function linkedAfter(...events: ConnectionEvent[]): LinkedConnection {
  const state = fold(connection, connection.initialState, events)
  if (state.is !== 'linked') throw new Error(state.is)
  return state
}

describe('refreshing a grant', () => {
  test('is begun on the record before the provider is asked', () => given(granted).when(start).then(started))
  test('is begun once by one attempt', () => given(granted, started).when(start).thenNothing())
  test('is not begun by another attempt while one runs', () =>
    given(granted, started)
      .when({ ...start, attemptId: 'second' })
      .thenNothing())
  test('is begun again once the one before has failed', () =>
    given(granted, started, failed({ failure: 'notDone' }))
      .when({ ...start, attemptId: 'second' })
      .then({ type: 'TokenRefreshStarted', data: { credentialVersion: 1, attemptId: 'second' } }))
  test('is not begun for a pair that was replaced', () => given(granted, started, refreshed).when(start).thenNothing())
  test('puts the new pair in the place of the old one', () => given(granted, started).when(complete).then(refreshed))
  test('takes an answer that comes late, as long as the old pair is the one in use', () =>
    given(granted, started, failed()).when(complete).then(refreshed))
  test('drops an answer for a pair that was replaced meanwhile', () =>
    given(granted, started, refreshed).when(complete).thenNothing())
  test('drops an answer for a connection that was deleted meanwhile', () =>
    given(granted, started, deleted).when(complete).thenNothing())
  test('leaves the status to evidence', () => {
    expect(linkedAfter(granted, validated('active'), started, refreshed).status).toBe('active')
    expect(linkedAfter(granted, validated('revoked'), started, refreshed).status).toBe('revoked')
  })
  test('keeps it in mind that the grant was seen to work', () =>
    expect(linkedAfter(granted, validated('active'), started, refreshed).worked).toBe(true))
})

describe('a refresh that failed', () => {
  test('is recorded', () =>
    given(granted, started)
      .when({ type: 'FailRefresh', ...failure() })
      .then(failed()))
  test('of a pair that was replaced meanwhile is dropped', () =>
    given(granted, started, refreshed)
      .when({ type: 'FailRefresh', ...failure() })
      .thenNothing())
  test('after another attempt was begun says nothing of that one', () =>
    given(granted, started, failed(), {
      type: 'TokenRefreshStarted',
      data: { credentialVersion: 1, attemptId: 'second' },
    })
      .when({ type: 'FailRefresh', ...failure({ failure: 'refused', status: 'revoked' }) })
      .thenNothing())
  test('without a known outcome is to be looked into, whatever the status was before', () => {
    const refused = failed({ failure: 'refused', status: 'error' })
    const again: ConnectionEvent = { type: 'TokenRefreshStarted', data: { credentialVersion: 1, attemptId: 'second' } }
    const unknown = failed({ failure: 'unknown', status: null })
    expect(linkedAfter(granted, started, refused).refresh?.settled).toBe(true)
    expect(linkedAfter(granted, started, refused, again, unknown)).toMatchObject({
      ...{ status: 'error', refresh: { is: 'unknown', settled: false } },
    })
  })
  test('by a definite no settles the status', () => {
    const state = linkedAfter(granted, validated('active'), started, failed({ failure: 'refused', status: 'revoked' }))
    expect(state).toMatchObject({ status: 'revoked', refresh: { is: 'refused' } })
  })
  test('without being carried out changes no status, and is counted', () => {
    const state = linkedAfter(granted, validated('active'), started, failed({ failure: 'notDone' }))
    expect(state).toMatchObject({ status: 'active', refresh: { is: 'notDone', failures: 1 } })
  })
  test('with an unknown outcome stays open until a pair comes or a no', () => {
    expect(linkedAfter(granted, started, failed()).refresh).toMatchObject({ is: 'unknown', failures: 1 })
    expect(linkedAfter(granted, started, failed(), refreshed).refresh).toBeNull()
  })
  test('by being cut off stays open', () =>
    expect(linkedAfter(granted, started).refresh).toMatchObject({ attemptId, is: 'running' }))
})

describe('the end of a grant', () => {
  test('is that of the refresh token, not of the access token', () =>
    expect(linkedAfter(granted).expiresAt).toBe(grant.kind === 'oauth' && grant.refreshExpiresAt))
  test('is not moved by what a check is told of the access token', () =>
    expect(linkedAfter(granted, validated('active')).expiresAt).toBe(linkedAfter(granted).expiresAt))
  test('is none where the refresh token has none', () => {
    const endless = { ...refreshed, data: { ...refreshed.data, credential: { ...grant, refreshExpiresAt: null } } }
    expect(linkedAfter(granted, started, endless).expiresAt).toBeNull()
  })
})

const reconnect = (verdict: Verdict, acceptOtherAccount = false): ConnectionCommand => ({
  ...{ type: 'ReauthorizeConnection', fingerprint: 'new', credential: grant, verdict, acceptOtherAccount },
  ...{ losses: [], acceptLosses: false },
  ...{ credentialVersion: 2, at: at(0), jitter: 0 },
})
const reauthorized: ConnectionEvent = {
  type: 'ConnectionReauthorized',
  data: { credentialVersion: 2, fingerprint: 'new', credential: grant },
}

describe('signing in at the provider again', () => {
  test('puts the new grant in the place of the old one, with what the check saw', () =>
    given(granted, validated('revoked'))
      .when(reconnect(answered('active')))
      .then(reauthorized, validated('active', 2)))
  test('takes a grant that could not be checked, and checks it later', () => {
    const events = connection.decide(reconnect(unanswered(at(0))), linkedAfter(granted, validated('expired')))
    expect(events.map(({ type }) => type)).toEqual(['ConnectionReauthorized', 'ValidationDeferred'])
  })
  test.each([answered('invalid'), answered('error'), refusedOnce(at(0))])(
    'keeps the old grant when the new one does not work ($is)',
    (verdict) => given(granted).when(reconnect(verdict)).thenRefused('CredentialRefused'),
  )
  test('asks before it takes another account', () => {
    const eve = { id: '43', login: 'eve', name: null, kind: 'user', url: null } as const
    const other = answered('active', at(0), { account: eve })
    given(granted, validated('active')).when(reconnect(other)).thenRefused('OtherAccount')
    const state = linkedAfter(granted, validated('active'))
    expect(connection.decide(reconnect(other, true), state)[0]).toEqual(reauthorized)
  })
  test('loses against a refresh that came first', () =>
    given(granted, started, refreshed)
      .when(reconnect(answered('active')))
      .thenRefused('VersionConflict'))
  test('ends a refresh whose outcome was open', () =>
    expect(linkedAfter(granted, started, reauthorized).refresh).toBeNull())
  test('is refused once the connection is deleted', () =>
    given(granted, deleted)
      .when(reconnect(answered('active')))
      .thenRefused('ConnectionMissing'))
})

describe('a connection that is created with what a check saw', () => {
  test('has its status at once', () => {
    const { name, provider, method, baseUrl, fingerprint, credential, certificateAuthority } = granted.data
    given()
      .when({
        ...{ type: 'CreateConnection', name, provider, method, baseUrl, fingerprint, credential, certificateAuthority },
        checked: { verdict: answered('active'), at: at(0), jitter: 0 },
      })
      .then(granted, validated('active'))
  })
})
