import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../decider.ts'
import { DomainError } from '../error.ts'
import { type ConnectionCommand, connection } from './connection.ts'
import type { ConnectionEvent } from './events.ts'
import { answered, at, refusedOnce, unanswered } from './examples.ts'

const time = fc.integer({ min: 0, max: 60 * 24 * 60 }).map(at)
const verdict = fc.oneof(
  fc
    .constantFrom('active', 'expired', 'revoked', 'error', 'invalid')
    .chain((outcome) => time.map((t) => answered(outcome, t))),
  time.map(refusedOnce),
  time.map((t) => unanswered(t)),
)
const version = fc.integer({ min: 1, max: 4 })
const command: fc.Arbitrary<ConnectionCommand> = fc.oneof(
  fc.constant<ConnectionCommand>({
    ...{ type: 'CreateConnection', name: 'a', provider: 'gitlab', method: 'token' },
    ...{ baseUrl: 'https://gitlab.com', fingerprint: 'f' },
  }),
  fc.record({
    type: fc.constant('RecordValidation' as const),
    verdict,
    credentialVersion: version,
    at: time,
    jitter: fc.constant(0.5),
  }),
  fc.record({ type: fc.constant('RenameConnection' as const), name: fc.constantFrom('a', 'b') }),
  fc.record({ type: fc.constant('DisableConnection' as const), reason: fc.constantFrom(null, 'r') }),
  fc.constant<ConnectionCommand>({ type: 'EnableConnection' }),
  fc.record({
    ...{ type: fc.constant('ReplaceToken' as const), fingerprint: fc.constant('g'), verdict },
    ...{ acceptOtherAccount: fc.boolean(), credentialVersion: version },
  }),
  fc.record({ type: fc.constant('ExpireConnection' as const), at: time }),
  fc.record({ type: fc.constant('DeleteConnection' as const), at: time, now: fc.boolean() }),
  fc.record({ type: fc.constant('RestoreConnection' as const), at: time }),
  fc.record({ type: fc.constant('DestroyCredential' as const), at: time }),
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
      const versions = events.flatMap((event) => (event.type === 'TokenReplaced' ? [event.data.credentialVersion] : []))
      expect(versions).toEqual(versions.map((_, index) => index + 2))
    }))

  test('never comes back once its credential is destroyed', () =>
    forAll((events) => {
      const destroyed = events.findIndex(({ type }) => type === 'CredentialDestroyed')
      if (destroyed >= 0) expect(events.slice(destroyed + 1)).toEqual([])
    }))

  test('has a status that its last settled check or its end gave it', () =>
    forAll((events) => {
      const state = fold(connection, connection.initialState, events)
      if (state.is !== 'linked') return
      let expected = 'pending'
      for (const event of events) {
        if (event.type === 'ConnectionValidated') expected = event.data.outcome
        if (event.type === 'ConnectionExpired') expected = 'expired'
      }
      expect(state.status).toBe(expected)
    }))

  test('has a state that survives being stored', () =>
    forAll((events) => {
      const state = fold(connection, connection.initialState, events)
      expect(connection.state.parse(JSON.parse(JSON.stringify(state)))).toEqual(state)
    }))
})
