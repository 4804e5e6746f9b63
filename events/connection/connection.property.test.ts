import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../decider.ts'
import { DomainError } from '../error.ts'
import { type ConnectionCommand, connection } from './connection.ts'
import type { ConnectionEvent } from './events.ts'
import { answered, at, grant, refusedOnce, revoked, unanswered } from './examples.ts'

const time = fc.integer({ min: 0, max: 60 * 24 * 60 }).map(at)
const verdict = fc.oneof(
  fc
    .constantFrom('active', 'expired', 'revoked', 'error', 'invalid')
    .chain((outcome) => time.map((t) => answered(outcome, t))),
  time.map(refusedOnce),
  time.map((t) => unanswered(t)),
)
const version = fc.integer({ min: 1, max: 4 })
const attemptId = fc.constantFrom('first', 'second')
const losses = fc.constantFrom([], ['acme/shop'])
const command: fc.Arbitrary<ConnectionCommand> = fc.oneof(
  fc.constant<ConnectionCommand>({
    ...{ type: 'CreateConnection', name: 'a', provider: 'gitlab', method: 'token' },
    ...{ baseUrl: 'https://gitlab.com', fingerprint: 'f', credential: { kind: 'token' } },
    ...{ certificateAuthority: null, checked: null },
  }),
  fc.record({
    type: fc.constant('RecordValidation' as const),
    verdict,
    credentialVersion: version,
    at: time,
    jitter: fc.constant(0.5),
  }),
  fc.record({ type: fc.constant('RenameConnection' as const), name: fc.constantFrom('a', 'b') }),
  fc.record({
    ...{ type: fc.constant('DisableConnection' as const), reason: fc.constantFrom(null, 'r') },
    unseen: fc.constantFrom([], ['p']),
  }),
  fc.constant<ConnectionCommand>({ type: 'EnableConnection' }),
  fc.record({
    ...{ type: fc.constant('ReplaceToken' as const), fingerprint: fc.constant('g'), verdict },
    ...{
      acceptOtherAccount: fc.boolean(),
      losses,
      acceptLosses: fc.boolean(),
      credentialVersion: version,
      credential: fc.constant({ kind: 'token' as const }),
    },
  }),
  fc.record({
    ...{ type: fc.constant('ReauthorizeConnection' as const), fingerprint: fc.constant('h'), verdict, at: time },
    ...{
      acceptOtherAccount: fc.boolean(),
      losses,
      acceptLosses: fc.boolean(),
      credentialVersion: version,
      credential: fc.constant(grant),
    },
    jitter: fc.constant(0.5),
  }),
  fc.record({ type: fc.constant('StartRefresh' as const), credentialVersion: version, attemptId }),
  fc.record({
    ...{ type: fc.constant('CompleteRefresh' as const), credentialVersion: version },
    ...{ fingerprint: fc.constant('i'), credential: fc.constant(grant) },
  }),
  fc.record({
    ...{ type: fc.constant('FailRefresh' as const), credentialVersion: version, attemptId },
    failure: fc.constantFrom('refused', 'notDone', 'unknown'),
    status: fc.constantFrom(null, 'expired', 'revoked', 'error'),
    ...{ reason: fc.constant('r'), message: fc.constant('m'), retryAt: fc.constant(null) },
  }),
  fc.record({ type: fc.constant('WarnOfExpiry' as const), at: time }),
  fc.record({
    type: fc.constant('ChangeCertificateAuthority' as const),
    certificateAuthority: fc.constantFrom(null, { pem: 'p', subject: 's', expiresAt: at(90 * 24 * 60).toISOString() }),
  }),
  fc.record({ type: fc.constant('ExpireConnection' as const), at: time }),
  fc.record({
    ...{ type: fc.constant('DeleteConnection' as const), at: time, now: fc.boolean() },
    unseen: fc.constantFrom([], ['p']),
  }),
  fc.record({ type: fc.constant('RestoreConnection' as const), at: time }),
  fc.record({
    ...{ type: fc.constant('DestroyCredential' as const), at: time, now: fc.boolean() },
    revocation: fc.constant(revoked),
  }),
)

/** Runs commands one after the other, refusals left aside. */
function run(commands: readonly ConnectionCommand[]): ConnectionEvent[] {
  const events: ConnectionEvent[] = []
  for (const next of commands) {
    const state = fold(connection, connection.initialState, events)
    try {
      events.push(...connection.decide(next, state))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
    }
  }
  return events
}

const forAll = (check: (events: ConnectionEvent[]) => void) =>
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => check(run(commands))),
    { numRuns: 500 },
  )

describe('whatever commands come, a connection', () => {
  test('is created once and first', () =>
    forAll((events) => {
      const places = events.flatMap(({ type }, index) => (type === 'ConnectionCreated' ? [index] : []))
      expect(places).toEqual(events.length > 0 ? [0] : [])
    }))

  test('sees nothing between its deletion and its restoring but the end of its credential', () =>
    forAll((events) => {
      let gone = false
      for (const { type } of events) {
        if (gone) expect(['ConnectionRestored', 'CredentialDestroyed']).toContain(type)
        if (type === 'ConnectionDeleted') gone = true
        if (type === 'ConnectionRestored') gone = false
      }
    }))

  test('counts its credentials without gaps', () =>
    forAll((events) => {
      const versions = events.flatMap((event) =>
        event.type === 'TokenReplaced' || event.type === 'ConnectionReauthorized' || event.type === 'TokenRefreshed'
          ? [event.data.credentialVersion]
          : [],
      )
      expect(versions).toEqual(versions.map((_, index) => index + 2))
    }))

  test('never comes back once its credential is destroyed', () =>
    forAll((events) => {
      const destroyed = events.findIndex(({ type }) => type === 'CredentialDestroyed')
      if (destroyed >= 0) expect(events.slice(destroyed + 1)).toEqual([])
    }))

  test('has a status that its last settled check, refresh or end gave it', () =>
    forAll((events) => {
      const state = fold(connection, connection.initialState, events)
      if (state.is !== 'linked') return
      let expected = 'pending'
      for (const event of events) {
        if (event.type === 'ConnectionValidated') expected = event.data.outcome
        if (event.type === 'ConnectionExpired') expected = 'expired'
        if (event.type === 'TokenRefreshFailed' && event.data.status) expected = event.data.status
      }
      expect(state.status).toBe(expected)
    }))

  test('warns of an end at most once for each of the days', () =>
    forAll((events) => {
      const told = events.flatMap((event) => (event.type === 'ExpiryApproaching' ? [JSON.stringify(event.data)] : []))
      // An end may be told again after another one was told in between.
      expect(told.filter((warning, index) => warning === told[index - 1])).toEqual([])
    }))

  test('has a state that survives being stored', () =>
    forAll((events) => {
      const state = fold(connection, connection.initialState, events)
      expect(connection.state.parse(JSON.parse(JSON.stringify(state)))).toEqual(state)
    }))
})
