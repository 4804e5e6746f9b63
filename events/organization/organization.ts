import { z } from 'zod'
import type { Decider } from '../decider.ts'
import { DomainError } from '../error.ts'
import type { ProviderName } from '../provider.ts'
import { type OrganizationEvent, organizationEvents, type Right, type Role, roleName } from './events.ts'
import { applicationKey, removeOAuthApplication, setOAuthApplication } from './oauth-application.ts'

const state = z.object({
  exists: z.boolean(),
  members: z.record(z.string(), z.object({ name: z.string(), role: roleName })),
  /** Pending ones by id. */
  invitations: z.record(z.string(), z.object({ email: z.string(), role: roleName })),
  /** Live ones by id. */
  keys: z.record(z.string(), z.object({ name: z.string() })),
  /** By `applicationKey`. */
  oauthApplications: z.record(
    z.string(),
    z.object({ applicationId: z.string(), clientId: z.string(), secretVersion: z.number() }),
  ),
})
export type Organization = z.infer<typeof state>

export type OrganizationCommand =
  | { type: 'CreateOrganization'; name: string; owner: { userId: string; name: string; email: string } }
  | { type: 'InviteMember'; invitationId: string; email: string; role: Role; by: string }
  | { type: 'CancelInvitation'; invitationId: string; by: string }
  | { type: 'JoinOrganization'; invitationId: string; userId: string; name: string; email: string }
  | { type: 'LeaveOrganization'; userId: string }
  | { type: 'RemoveMember'; userId: string; by: string }
  | { type: 'RecordKey'; keyId: string; name: string; rights: Right[]; expiresAt: string | null }
  | { type: 'RevokeKey'; keyId: string }
  | {
      type: 'SetOAuthApplication'
      applicationId: string
      provider: ProviderName
      baseUrl: string
      clientId: string
      secretVersion: number
      fingerprint: string
      by: string
    }
  | { type: 'RemoveOAuthApplication'; provider: ProviderName; baseUrl: string; by: string }

const types: ReadonlySet<string> = new Set(organizationEvents.map(({ type }) => type))

/** Who belongs to an organization, who is asked to join, and which keys its programs carry. */
export const organization: Decider<Organization, OrganizationCommand, OrganizationEvent> = {
  version: 2,
  streamType: 'organization',
  events: organizationEvents,
  state,
  initialState: { exists: false, members: {}, invitations: {}, keys: {}, oauthApplications: {} },
  owns: (event): event is typeof event & OrganizationEvent => types.has(event.type),

  decide(command, state) {
    switch (command.type) {
      case 'CreateOrganization': {
        if (state.exists) return []
        const joined = { ...command.owner, role: 'owner' as const, invitationId: null }
        return [
          { type: 'OrganizationCreated', data: { name: command.name } },
          { type: 'MemberJoined', data: joined },
        ]
      }
      case 'InviteMember':
        return inviteMember(command, state)
      case 'CancelInvitation': {
        requireAdmin(state, command.by, 'cancel invitations')
        const invitation = state.invitations[command.invitationId]
        if (!invitation) throw new DomainError('InvitationMissing', 'There is no such invitation.')
        return [{ type: 'InvitationCancelled', data: { invitationId: command.invitationId, email: invitation.email } }]
      }
      case 'JoinOrganization':
        return join(command, state)
      case 'LeaveOrganization':
        return leave(command.userId, state)
      case 'RemoveMember':
        return remove(command, state)
      case 'RecordKey': {
        const { type, ...data } = command
        return state.keys[data.keyId] ? [] : [{ type: 'KeyCreated', data }]
      }
      case 'RevokeKey': {
        const key = state.keys[command.keyId]
        if (!key) throw new DomainError('KeyMissing', 'There is no such key.')
        return [{ type: 'KeyRevoked', data: { keyId: command.keyId, name: key.name } }]
      }
      case 'SetOAuthApplication':
        requireAdmin(state, command.by, 'set OAuth applications')
        return setOAuthApplication(command, state)
      case 'RemoveOAuthApplication':
        requireAdmin(state, command.by, 'remove OAuth applications')
        return removeOAuthApplication(command, state)
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'OrganizationCreated':
        return { ...state, exists: true }
      case 'MemberInvited': {
        const { invitationId, email, role } = event.data
        return { ...state, invitations: { ...state.invitations, [invitationId]: { email, role } } }
      }
      case 'InvitationCancelled':
        return { ...state, invitations: without(state.invitations, event.data.invitationId) }
      case 'MemberJoined': {
        const { userId, name, role, invitationId } = event.data
        const invitations = invitationId ? without(state.invitations, invitationId) : state.invitations
        return { ...state, invitations, members: { ...state.members, [userId]: { name, role } } }
      }
      case 'MemberLeft':
      case 'MemberRemoved':
        return { ...state, members: without(state.members, event.data.userId) }
      case 'KeyCreated':
        return { ...state, keys: { ...state.keys, [event.data.keyId]: { name: event.data.name } } }
      case 'KeyRevoked':
        return { ...state, keys: without(state.keys, event.data.keyId) }
      case 'OAuthApplicationSet': {
        const { applicationId, provider, baseUrl, clientId, secretVersion } = event.data
        const application = { applicationId, clientId, secretVersion }
        const key = applicationKey(provider, baseUrl)
        return { ...state, oauthApplications: { ...state.oauthApplications, [key]: application } }
      }
      case 'OAuthApplicationRemoved': {
        const key = applicationKey(event.data.provider, event.data.baseUrl)
        return { ...state, oauthApplications: without(state.oauthApplications, key) }
      }
    }
  },
}

type Commands<Type> = Extract<OrganizationCommand, { type: Type }>

function inviteMember(command: Commands<'InviteMember'>, state: Organization): OrganizationEvent[] {
  const { type, by, ...data } = command
  requireAdmin(state, by, 'invite')
  if (data.role === 'owner' && state.members[by]?.role !== 'owner') {
    throw new DomainError('Forbidden', 'Only an owner can invite another owner.', { field: 'role' })
  }
  if (Object.values(state.invitations).some(({ email }) => email.toLowerCase() === data.email.toLowerCase())) {
    throw new DomainError(
      'AlreadyDecided',
      `${data.email} is invited already. Cancel that invitation to make a new one.`,
      {
        field: 'email',
      },
    )
  }
  return [{ type: 'MemberInvited', data }]
}

function join(command: Commands<'JoinOrganization'>, state: Organization): OrganizationEvent[] {
  const { invitationId, userId, name, email } = command
  const invitation = state.invitations[invitationId]
  if (!invitation) {
    if (state.members[userId]) return []
    throw new DomainError('InvitationMissing', 'This invitation was used or cancelled. Ask for a new one.')
  }
  if (invitation.email.toLowerCase() !== email.toLowerCase()) {
    throw new DomainError('Forbidden', `This invitation is for ${invitation.email}. Sign in with that address.`)
  }
  // A member needs no second invitation; left pending, it would keep the address from being invited again.
  if (state.members[userId]) return [{ type: 'InvitationCancelled', data: { invitationId, email: invitation.email } }]
  return [{ type: 'MemberJoined', data: { userId, name, email, role: invitation.role, invitationId } }]
}

function leave(userId: string, state: Organization): OrganizationEvent[] {
  const member = state.members[userId]
  if (!member) return []
  requireAnotherOwner(state, userId)
  return [{ type: 'MemberLeft', data: { userId, name: member.name } }]
}

function remove(command: Commands<'RemoveMember'>, state: Organization): OrganizationEvent[] {
  const { userId, by } = command
  requireAdmin(state, by, 'remove members')
  const member = state.members[userId]
  if (!member) return []
  if (member.role === 'owner' && state.members[by]?.role !== 'owner') {
    throw new DomainError('Forbidden', 'Only an owner can remove an owner.')
  }
  requireAnotherOwner(state, userId)
  return [{ type: 'MemberRemoved', data: { userId, name: member.name } }]
}

function requireAdmin(state: Organization, userId: string, what: string): void {
  const role = state.members[userId]?.role
  if (role !== 'owner' && role !== 'admin') throw new DomainError('Forbidden', `Only owners and admins can ${what}.`)
}

function requireAnotherOwner(state: Organization, userId: string): void {
  if (state.members[userId]?.role !== 'owner') return
  const owners = Object.values(state.members).filter(({ role }) => role === 'owner').length
  if (owners > 1) return
  throw new DomainError('Forbidden', 'The last owner has to stay. Make somebody else an owner first.')
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  const { [key]: _gone, ...rest } = record
  return rest
}
