import { describe, expect, test } from 'vitest'
import { fold } from '../decider.ts'
import { specify } from '../testing.ts'
import type { OrganizationEvent, Role } from './events.ts'
import { type OrganizationCommand, organization } from './organization.ts'

const { given } = specify(organization)

const created: OrganizationEvent = { type: 'OrganizationCreated', data: { name: 'Acme' } }
const joined = (userId: string, role: Role, invitationId: string | null = null): OrganizationEvent => ({
  type: 'MemberJoined',
  data: { userId, name: `${userId}'s name`, email: `${userId}@acme.example`, role, invitationId },
})
const invited = (invitationId: string, email: string, role: Role = 'member'): OrganizationEvent => ({
  type: 'MemberInvited',
  data: { invitationId, email, role },
})
const cancelled = (invitationId: string, email: string): OrganizationEvent => ({
  type: 'InvitationCancelled',
  data: { invitationId, email },
})
const gone = (type: 'MemberLeft' | 'MemberRemoved', userId: string): OrganizationEvent => ({
  type,
  data: { userId, name: `${userId}'s name` },
})
const keyMade: OrganizationEvent = {
  type: 'KeyCreated',
  data: { keyId: 'k1', name: 'Nightly', rights: ['see'], expiresAt: null },
}
const keyRevoked: OrganizationEvent = { type: 'KeyRevoked', data: { keyId: 'k1', name: 'Nightly' } }

/** Ada owns it, Grace is an admin, Linus a member. */
const acme = [created, joined('ada', 'owner'), joined('grace', 'admin', 'i0'), joined('linus', 'member', 'i1')]

const invite = (by: string, role: Role = 'member', email = 'new@acme.example'): OrganizationCommand => ({
  ...{ type: 'InviteMember', invitationId: 'i9', email, role, by },
})
const join = (userId: string, invitationId = 'i9'): OrganizationCommand => ({
  ...{ type: 'JoinOrganization', invitationId, userId },
  ...{ name: `${userId}'s name`, email: `${userId}@acme.example` },
})
const remove = (userId: string, by: string): OrganizationCommand => ({ type: 'RemoveMember', userId, by })
const cancel = (by: string): OrganizationCommand => ({ type: 'CancelInvitation', invitationId: 'i9', by })

describe('creating an organization', () => {
  const create: OrganizationCommand = {
    type: 'CreateOrganization',
    name: 'Acme',
    owner: { userId: 'ada', name: "ada's name", email: 'ada@acme.example' },
  }
  test('makes the person who asked its owner', () => given().when(create).then(created, joined('ada', 'owner')))
  test('changes nothing the second time', () => given(created, joined('ada', 'owner')).when(create).thenNothing())
})

describe('inviting somebody', () => {
  test.each(['member', 'admin', 'owner'] as const)("as %s is an owner's right", (role) =>
    given(...acme)
      .when(invite('ada', role))
      .then(invited('i9', 'new@acme.example', role)),
  )
  test.each(['member', 'admin'] as const)("as %s is an admin's right", (role) =>
    given(...acme)
      .when(invite('grace', role))
      .then(invited('i9', 'new@acme.example', role)),
  )
  test('as owner is refused to an admin', () =>
    given(...acme)
      .when(invite('grace', 'owner'))
      .thenRefused('Forbidden'))
  test.each(['linus', 'stranger'])('is refused to %s', (by) =>
    given(...acme)
      .when(invite(by))
      .thenRefused('Forbidden'),
  )
  test('is refused to a former admin', () =>
    given(...acme, gone('MemberRemoved', 'grace'))
      .when(invite('grace'))
      .thenRefused('Forbidden'))
  test('is refused while an invitation for the address is pending', () =>
    given(...acme, invited('i8', 'new@acme.example'))
      .when(invite('ada'))
      .thenRefused('AlreadyDecided'))
  test('is refused for the same address in other letters', () =>
    given(...acme, invited('i8', 'new@acme.example'))
      .when(invite('ada', 'member', 'New@Acme.example'))
      .thenRefused('AlreadyDecided'))
  test('works again once the invitation was cancelled', () =>
    given(...acme, invited('i8', 'new@acme.example'), cancelled('i8', 'new@acme.example'))
      .when(invite('ada'))
      .then(invited('i9', 'new@acme.example')))
})

describe('cancelling an invitation', () => {
  const pending = [...acme, invited('i9', 'new@acme.example')]
  test.each(['ada', 'grace'])('is recorded for %s', (by) =>
    given(...pending)
      .when(cancel(by))
      .then(cancelled('i9', 'new@acme.example')),
  )
  test.each(['linus', 'stranger'])('is refused to %s', (by) =>
    given(...pending)
      .when(cancel(by))
      .thenRefused('Forbidden'),
  )
  test('is refused when there is none, or not any more', () => {
    given(...acme)
      .when(cancel('ada'))
      .thenRefused('InvitationMissing')
    given(...pending, cancelled('i9', 'new@acme.example'))
      .when(cancel('ada'))
      .thenRefused('InvitationMissing')
  })
  test('is recorded for an admin also when it asks for an owner', () =>
    given(...acme, invited('i9', 'new@acme.example', 'owner'))
      .when(cancel('grace'))
      .then(cancelled('i9', 'new@acme.example')))
})

describe('joining', () => {
  const pending = [...acme, invited('i9', 'new@acme.example', 'admin')]
  test('gives the role that the invitation named', () =>
    given(...pending)
      .when(join('new'))
      .then(joined('new', 'admin', 'i9')))
  test('does not care how the address is written', () =>
    given(...acme, invited('i9', 'New@Acme.example'))
      .when(join('new'))
      .then(joined('new', 'member', 'i9')))
  test('is refused to another address', () =>
    given(...pending)
      .when(join('mallory'))
      .thenRefused('Forbidden'))
  test('is refused without an invitation', () =>
    given(...acme)
      .when(join('new'))
      .thenRefused('InvitationMissing'))
  test('is refused after the invitation was cancelled', () =>
    given(...pending, cancelled('i9', 'new@acme.example'))
      .when(join('new'))
      .thenRefused('InvitationMissing'))
  test('changes nothing the second time', () =>
    given(...pending, joined('new', 'admin', 'i9'))
      .when(join('new'))
      .thenNothing())
  test('uses the invitation up, also for somebody who left since', () =>
    given(...pending, joined('new', 'admin', 'i9'), gone('MemberLeft', 'new'))
      .when(join('new'))
      .thenRefused('InvitationMissing'))
  test('as a member already only ends the invitation', () =>
    given(...acme, invited('i9', 'linus@acme.example', 'admin'))
      .when(join('linus'))
      .then(cancelled('i9', 'linus@acme.example')))
})

describe('leaving', () => {
  const leave = (userId: string): OrganizationCommand => ({ type: 'LeaveOrganization', userId })
  test.each(['grace', 'linus'])('is recorded for %s', (userId) =>
    given(...acme)
      .when(leave(userId))
      .then(gone('MemberLeft', userId)),
  )
  test('is refused to the last owner', () =>
    given(...acme)
      .when(leave('ada'))
      .thenRefused('Forbidden'))
  test('is possible for an owner beside another', () =>
    given(...acme, joined('barbara', 'owner', 'i2'))
      .when(leave('ada'))
      .then(gone('MemberLeft', 'ada')))
  test('changes nothing for somebody who is not a member', () =>
    given(...acme)
      .when(leave('stranger'))
      .thenNothing())
})

describe('removing a member', () => {
  test.each([
    ['linus', 'ada'],
    ['linus', 'grace'],
    ['grace', 'ada'],
    ['grace', 'grace'],
  ])('%s is recorded for %s', (userId, by) =>
    given(...acme)
      .when(remove(userId, by))
      .then(gone('MemberRemoved', userId)),
  )
  test.each(['linus', 'stranger'])('is refused to %s', (by) =>
    given(...acme)
      .when(remove('grace', by))
      .thenRefused('Forbidden'),
  )
  test('is refused to an admin when it is an owner', () =>
    given(...acme, joined('barbara', 'owner', 'i2'))
      .when(remove('ada', 'grace'))
      .thenRefused('Forbidden'))
  test('is recorded for an owner when it is another owner', () =>
    given(...acme, joined('barbara', 'owner', 'i2'))
      .when(remove('ada', 'barbara'))
      .then(gone('MemberRemoved', 'ada')))
  test('is refused for the last owner', () =>
    given(...acme)
      .when(remove('ada', 'ada'))
      .thenRefused('Forbidden'))
  test('changes nothing the second time', () =>
    given(...acme, gone('MemberRemoved', 'linus'))
      .when(remove('linus', 'ada'))
      .thenNothing())
})

describe('a key', () => {
  const record: OrganizationCommand = {
    ...{ type: 'RecordKey', keyId: 'k1', name: 'Nightly', rights: ['see'], expiresAt: null },
  }
  const revoke: OrganizationCommand = { type: 'RevokeKey', keyId: 'k1' }
  test('is recorded', () =>
    given(...acme)
      .when(record)
      .then(keyMade))
  test('is recorded once', () =>
    given(...acme, keyMade)
      .when(record)
      .thenNothing())
  test('is revoked under its name', () =>
    given(...acme, keyMade)
      .when(revoke)
      .then(keyRevoked))
  test("can't be revoked twice, nor when it never was", () => {
    given(...acme, keyMade, keyRevoked)
      .when(revoke)
      .thenRefused('KeyMissing')
    given(...acme)
      .when(revoke)
      .thenRefused('KeyMissing')
  })
})

describe('the state of an organization', () => {
  test('holds who belongs to it, who is asked and which keys live, in its stored shape', () => {
    const history = [...acme, invited('i9', 'new@acme.example', 'admin'), keyMade, gone('MemberLeft', 'linus')]
    const state = fold(organization, organization.initialState, history)
    expect(state).toEqual({
      exists: true,
      oauthApplications: {},
      members: { ada: { name: "ada's name", role: 'owner' }, grace: { name: "grace's name", role: 'admin' } },
      invitations: { i9: { email: 'new@acme.example', role: 'admin' } },
      keys: { k1: { name: 'Nightly' } },
    })
    expect(organization.state.parse(JSON.parse(JSON.stringify(state)))).toEqual(state)
  })
})
