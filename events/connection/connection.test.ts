import { describe, expect, test } from 'vitest'
import { fold } from '../decider.ts'
import { specify } from '../testing.ts'
import { type ConnectionCommand, connection } from './connection.ts'
import type { CredentialFacts } from './credential.ts'
import type { ConnectionEvent } from './events.ts'
import {
  answered,
  at,
  created,
  deferred,
  deleted,
  destroyed,
  disabled,
  refusedOnce,
  revoked,
  unanswered,
  validated,
} from './examples.ts'
import type { Verdict } from './validation.ts'

const { given } = specify(connection)
const afterGrace = new Date(Date.UTC(2026, 11, 1, 10, 1))

const check = (verdict: Verdict, time = at(0), credentialVersion = 1): ConnectionCommand => ({
  ...{ type: 'RecordValidation', verdict, credentialVersion, at: time, jitter: 0 },
})
const pasted: CredentialFacts = { kind: 'token' }
const replace = (verdict: Verdict, changes: Partial<Extract<ConnectionCommand, { type: 'ReplaceToken' }>> = {}) => ({
  ...{
    type: 'ReplaceToken' as const,
    fingerprint: 'fedcba9876543210',
    verdict,
    credential: { kind: 'token' } as const,
  },
  ...{ acceptOtherAccount: false, losses: [], acceptLosses: false, credentialVersion: 2, ...changes },
})
const create: ConnectionCommand = {
  ...{ type: 'CreateConnection', name: 'acme', provider: 'github', method: 'token' },
  ...{ baseUrl: 'https://github.com', fingerprint: '0123456789abcdef' },
  ...{ credential: { kind: 'token' }, certificateAuthority: null, checked: null },
}
const statusOf = (...events: ConnectionEvent[]) => {
  const state = fold(connection, connection.initialState, events)
  return state.is === 'linked' ? state.status : state.is
}

describe('creating a connection', () => {
  test('is recorded', () => given().when(create).then(created))
  test('is refused where there is one', () => given(created).when(create).thenRefused('ConnectionExists'))
  test('is refused where one was deleted', () => given(created, deleted).when(create).thenRefused('ConnectionExists'))
  test('begins Pending', () => expect(statusOf(created)).toBe('pending'))
})

describe('a check that the provider answered', () => {
  for (const outcome of ['active', 'expired', 'revoked', 'error', 'invalid'] as const) {
    test(`settles the status as ${outcome}`, () => {
      given(created)
        .when(check(answered(outcome)))
        .then(validated(outcome))
      expect(statusOf(created, validated(outcome))).toBe(outcome)
    })
  }
  test('of an older credential changes nothing', () =>
    given(created, {
      type: 'TokenReplaced',
      data: { credentialVersion: 2, fingerprint: 'f', credential: { kind: 'token' } },
    })
      .when(check(answered('revoked'), at(0), 1))
      .thenNothing())
  test('of a deleted connection changes nothing', () =>
    given(created, deleted)
      .when(check(answered('active')))
      .thenNothing())
  test('heals a revoked connection', () =>
    expect(statusOf(created, validated('revoked'), validated('active'))).toBe('active'))
})

describe('a check that the provider did not answer', () => {
  const fifteenSeconds = new Date(at(0).getTime() + 15_000)
  test('is tried again after 15 seconds', () =>
    given(created)
      .when(check(unanswered(at(0))))
      .then(deferred(at(0), false, fifteenSeconds)))
  test('is tried again when the provider asked for it', () =>
    given(created)
      .when(check(unanswered(at(0), 60_000)))
      .then(deferred(at(0), false, at(1))))
  test('leaves a working connection Active however long it lasts', () =>
    expect(statusOf(created, validated('active'), deferred(at(0), false, at(1)), deferred(at(59), false, at(60)))).toBe(
      'active',
    ))
  test('backs off to an hour', () => {
    const outage = Array.from({ length: 12 }, (_, n) => deferred(at(n), false, at(n + 1)))
    given(created, validated('active'), ...outage)
      .when(check(unanswered(at(20)), at(20)))
      .then(deferred(at(20), false, at(80)))
  })
  test('turns a connection Error that was never answered for 15 minutes', () => {
    const command = check(unanswered(at(15)), at(15))
    const state = fold(connection, connection.initialState, [created, deferred(at(0), false, at(1))])
    expect(connection.decide(command, state)).toMatchObject([
      { type: 'ConnectionValidated', data: { outcome: 'error', reason: 'neverAnswered' } },
    ])
  })
  test('leaves it Pending a moment before', () => {
    const early = new Date(at(15).getTime() - 1)
    const state = fold(connection, connection.initialState, [created, deferred(at(0), false, at(1))])
    expect(connection.decide(check(unanswered(early), early), state)).toMatchObject([{ type: 'ValidationDeferred' }])
  })
})

describe('a refusal of a credential that worked, which is not beyond doubt,', () => {
  const first = deferred(at(0), true, new Date(at(0).getTime() + 5_000))
  test('is confirmed first', () =>
    given(created, validated('active'))
      .when(check(refusedOnce(at(0))))
      .then(first))
  test('is Revoked when it comes again after the pause', () => {
    const state = fold(connection, connection.initialState, [created, validated('active'), first])
    expect(connection.decide(check(refusedOnce(at(1)), at(1)), state)).toMatchObject([
      { type: 'ConnectionValidated', data: { outcome: 'revoked' } },
    ])
  })
  test('is Revoked when another check has confirmed it meanwhile', () => {
    const state = fold(connection, connection.initialState, [created, validated('active'), first, validated('revoked')])
    expect(connection.decide(check(refusedOnce(at(1)), at(1)), state)).toMatchObject([
      { type: 'ConnectionValidated', data: { outcome: 'revoked' } },
    ])
  })
  test('is Expired when it comes again and the provider says so', () => {
    const again = { ...refusedOnce(at(1)), outcome: 'expired' as const }
    const state = fold(connection, connection.initialState, [created, validated('active'), first])
    expect(connection.decide(check(again, at(1)), state)).toMatchObject([
      { type: 'ConnectionValidated', data: { outcome: 'expired' } },
    ])
  })
  test('is not Revoked when it comes again too soon', () => {
    const soon = new Date(at(0).getTime() + 4_999)
    const state = fold(connection, connection.initialState, [created, validated('active'), first])
    expect(connection.decide(check(refusedOnce(soon), soon), state)).toMatchObject([{ type: 'ValidationDeferred' }])
  })
  test('is forgotten once the credential works again', () => {
    const state = fold(connection, connection.initialState, [created, validated('active'), first, validated('active')])
    expect(connection.decide(check(refusedOnce(at(9)), at(9)), state)).toMatchObject([{ type: 'ValidationDeferred' }])
  })
})

describe('renaming', () => {
  test('is recorded', () =>
    given(created)
      .when({ type: 'RenameConnection', name: 'new' })
      .then({ type: 'ConnectionRenamed', data: { name: 'new' } }))
  test('to the same name changes nothing', () =>
    given(created).when({ type: 'RenameConnection', name: 'acme' }).thenNothing())
})

describe('disabling and enabling', () => {
  const enable: ConnectionCommand = { type: 'EnableConnection' }
  const disable: ConnectionCommand = { type: 'DisableConnection', reason: 'rotation', unseen: [] }
  test('is recorded with its reason', () => given(created).when(disable).then(disabled))
  test('a second time changes nothing', () => given(created, disabled).when(disable).thenNothing())
  test('takes back', () => given(created, disabled).when(enable).then({ type: 'ConnectionEnabled', data: {} }))
  test('of an enabled one changes nothing', () => given(created).when(enable).thenNothing())
})

describe('what others depend on', () => {
  const unseen = ['ERP', 'Shop']
  const disable: ConnectionCommand = { type: 'DisableConnection', reason: null, unseen }
  const remove: ConnectionCommand = { type: 'DeleteConnection', at: at(0), now: false, unseen }
  test.each([disable, remove])('is refused by their names until they were seen: $type', (command) => {
    const deciding = () => connection.decide(command, fold(connection, connection.initialState, [created]))
    expect(deciding).toThrow('"ERP" and "Shop" depend on this connection.')
    expect(deciding).toThrow(expect.objectContaining({ code: 'HasDependents', field: 'seen' }))
  })
  test('is named up to ten times', () => {
    const many = Array.from({ length: 13 }, (_, n) => `P${n}`)
    const deciding = () =>
      connection.decide({ ...disable, unseen: many }, fold(connection, connection.initialState, [created]))
    expect(deciding).toThrow('"P8", "P9" and 3 more depend')
  })
  test('stops nothing that has stopped already', () => {
    given(created, disabled).when(disable).thenNothing()
    given(created, deleted).when(remove).thenNothing()
  })
})

describe('replacing the token', () => {
  const { reason, message, evidence } = answered('active')
  const replaced = [
    {
      type: 'TokenReplaced' as const,
      data: { credentialVersion: 2, fingerprint: 'fedcba9876543210', credential: pasted },
    },
    {
      type: 'ConnectionValidated' as const,
      data: { outcome: 'active' as const, reason, message, credentialVersion: 2, evidence },
    },
  ]
  const other = answered('active', at(0), { account: { id: '7', login: 'eve', name: null, kind: 'user', url: null } })
  test('is recorded with the check that it passed', () =>
    given(created, validated('active'))
      .when(replace(answered('active')))
      .then(...replaced))
  test('is refused when the provider refuses the new one', () =>
    given(created)
      .when(replace(answered('invalid')))
      .thenRefused('CredentialRefused'))
  test('is refused when the provider does not answer', () =>
    given(created)
      .when(replace(unanswered(at(0))))
      .thenRefused('CredentialUnchecked'))
  test('of another account must be confirmed', () =>
    given(created, validated('active')).when(replace(other)).thenRefused('OtherAccount'))
  test('of another account is taken once confirmed', () => {
    const state = fold(connection, connection.initialState, [created, validated('active')])
    expect(connection.decide(replace(other, { acceptOtherAccount: true }), state)).toHaveLength(2)
  })
  test('that reaches less than projects use must be confirmed, by name', () => {
    const losing = { losses: ['acme/shop', 'acme/web'] }
    const narrower = given(created, validated('active')).when(replace(answered('active'), losing))
    narrower.thenRefused('RepositoriesLost')
    const state = fold(connection, connection.initialState, [created, validated('active')])
    const decide = (changes: object) => connection.decide(replace(answered('active'), { ...losing, ...changes }), state)
    expect(() => decide({})).toThrow('does not reach acme/shop, acme/web, which projects use')
    expect(decide({ acceptLosses: true })).toHaveLength(2)
  })
  test('of another account that reaches less is told with both', () => {
    const state = fold(connection, connection.initialState, [created, validated('active')])
    expect(() => connection.decide(replace(other, { losses: ['acme/shop'] }), state)).toThrow(
      /belongs to .* does not reach acme\/shop, which projects use. Confirm the change of account/,
    )
  })
  test('loses to one that was faster', () =>
    given(created, ...replaced)
      .when(replace(answered('active')))
      .thenRefused('VersionConflict'))
})

describe('the end of a credential', () => {
  const expire = (time: Date): ConnectionCommand => ({ type: 'ExpireConnection', at: time })
  const end = new Date('2026-12-20T00:00:00.000Z')
  const expired = { expiredAt: end.toISOString(), credentialVersion: 1 }
  test('turns it Expired', () =>
    given(created, validated('active')).when(expire(end)).then({ type: 'ConnectionExpired', data: expired }))
  test('is not there a moment before', () =>
    given(created, validated('active'))
      .when(expire(new Date(end.getTime() - 1)))
      .thenNothing())
  test('says nothing of a revoked one', () =>
    given(created, validated('active'), validated('revoked')).when(expire(end)).thenNothing())
  test('never comes without a known end', () => given(created).when(expire(end)).thenNothing())
})

describe('deleting', () => {
  const remove = (now: boolean): ConnectionCommand => ({ ...{ type: 'DeleteConnection', at: at(0), now }, unseen: [] })
  const restore = (time: Date): ConnectionCommand => ({ type: 'RestoreConnection', at: time })
  test('leaves a week to restore it', () => given(created).when(remove(false)).then(deleted))
  test('now leaves no time to restore it', () => {
    const now = { type: 'ConnectionDeleted' as const, data: { restorableUntil: at(0).toISOString() } }
    given(created).when(remove(true)).then(now)
    given(created, now)
      .when(restore(at(1)))
      .thenRefused('RestoreTooLate')
  })
  test('a second time changes nothing', () => given(created, deleted).when(remove(false)).thenNothing())
  test('can be undone within the week', () =>
    given(created, deleted)
      .when(restore(at(1)))
      .then({ type: 'ConnectionRestored', data: {} }))
  test('cannot be undone after it', () =>
    given(created, deleted).when(restore(afterGrace)).thenRefused('RestoreTooLate'))
  test('cannot be undone once the credential is gone', () =>
    given(created, deleted, destroyed)
      .when(restore(at(1)))
      .thenRefused('RestoreTooLate'))
  test('gives back what it was', () =>
    expect(statusOf(created, validated('active'), deleted, { type: 'ConnectionRestored', data: {} })).toBe('active'))
  test('has its credential destroyed when the week is over', () =>
    given(created, deleted)
      .when({ type: 'DestroyCredential', at: afterGrace, now: false, revocation: revoked })
      .then(destroyed))
  test('has its credential destroyed before, when that was asked for', () =>
    given(created, deleted)
      .when({ type: 'DestroyCredential', at: at(1), now: true, revocation: revoked })
      .then(destroyed))
  test('keeps its credential until then', () =>
    given(created, deleted)
      .when({ type: 'DestroyCredential', at: at(1), now: false, revocation: revoked })
      .thenNothing())
})

describe('a command on a connection that is not in use', () => {
  const commands: ConnectionCommand[] = [
    { type: 'RenameConnection', name: 'x' },
    { type: 'DisableConnection', reason: null, unseen: [] },
    { type: 'EnableConnection' },
    replace(answered('active')),
  ]
  for (const command of commands) {
    test(`${command.type} is refused where there is none`, () => given().when(command).thenRefused('ConnectionMissing'))
    test(`${command.type} is refused where it was deleted`, () =>
      given(created, deleted).when(command).thenRefused('ConnectionMissing'))
  }
})
