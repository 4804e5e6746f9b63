import {
  type Actor,
  DomainError,
  type Organization,
  type OrganizationCommand,
  type OrganizationEvent,
  organization,
  type Right,
  type Role,
} from '@git-connections/events'
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid'
import type { Shell } from '../shell.ts'
import { type Cause, execute } from './execute.ts'

const INVITATION_LIFE_MS = 7 * 24 * 3_600_000
const NAMESPACE = '0d0a2c3c-5c1e-4b0e-8a55-0f4f8c6b6a11'

/**
 * Each command appends first and then changes better-auth's rows, which can be done again: after a crash between the
 * two, the same command finds its event and still changes the rows.
 */
function onOrganization(shell: Shell, command: OrganizationCommand, by: Cause) {
  const { type, ...request } = command
  return execute<Organization, OrganizationCommand, OrganizationEvent>(
    shell,
    { decider: organization, streamId: by.organizationId },
    command,
    by,
    { request: { type, ...request } },
  )
}

/** Makes the first account's organization, with it as the owner, and makes it that of its sessions. */
export async function createOrganization(
  shell: Shell,
  owner: { userId: string; name: string; email: string },
  correlationId: string,
): Promise<void> {
  // One id however often this is tried, by however many servers at once.
  const id = uuidv5(owner.userId, NAMESPACE)
  const name = `${owner.name}'s organization`
  const actor: Actor = { kind: 'person', id: owner.userId, name: owner.name }
  const by = { actor, organizationId: id, commandId: uuidv5('create', id), correlationId, causationId: null }
  await onOrganization(shell, { type: 'CreateOrganization', name, owner }, by)
  await shell.db
    .insertInto('organization')
    .values({ id, name, slug: id, createdAt: shell.clock() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await addMember(shell, { organizationId: id, userId: owner.userId, role: 'owner' })
}

async function addMember(shell: Shell, member: { organizationId: string; userId: string; role: Role }): Promise<void> {
  await shell.db
    .insertInto('member')
    .values({ ...member, createdAt: shell.clock() })
    .onConflict((conflict) => conflict.columns(['organizationId', 'userId']).doNothing())
    .execute()
  await shell.db
    .updateTable('session')
    .set({ activeOrganizationId: member.organizationId })
    .where('userId', '=', member.userId)
    .execute()
}

/** Invites an e-mail address; the returned id is the secret of the link. */
export async function inviteMember(
  shell: Shell,
  input: { email: string; role: Role; inviterId: string },
  by: Cause,
): Promise<{ id: string }> {
  const email = input.email.toLowerCase()
  const expired = await shell.db
    .updateTable('invitation')
    .set({ status: 'expired' })
    .where('organizationId', '=', by.organizationId)
    .where('status', '=', 'pending')
    .where('expiresAt', '<=', shell.clock())
    .returning('id')
    .execute()
  for (const { id } of expired) {
    const cause = { ...by, commandId: uuidv7() }
    await onOrganization(shell, { type: 'CancelInvitation', invitationId: id, by: input.inviterId }, cause)
  }
  // Derived, so that the same command gives the same link; unguessable without the command's own random id.
  const id = uuidv5(`invitation ${by.commandId}`, shell.vault.purposeKey('invitations').subarray(0, 16))
  await onOrganization(
    shell,
    { type: 'InviteMember', invitationId: id, email, role: input.role, by: input.inviterId },
    by,
  )
  await shell.db
    .insertInto('invitation')
    .values({
      ...{ id, organizationId: by.organizationId, email, role: input.role, status: 'pending' },
      ...{ expiresAt: new Date(shell.clock().getTime() + INVITATION_LIFE_MS), inviterId: input.inviterId },
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  return { id }
}

/** Takes an invitation back. */
export async function cancelInvitation(
  shell: Shell,
  input: { invitationId: string; userId: string },
  by: Cause,
): Promise<void> {
  const { invitationId, userId } = input
  await onOrganization(shell, { type: 'CancelInvitation', invitationId, by: userId }, by)
  await settleInvitation(shell, invitationId, by.organizationId, 'canceled')
}

/** Makes a signed-in person a member by an invitation for their address. */
export async function acceptInvitation(
  shell: Shell,
  input: { invitationId: string; user: { id: string; name: string; email: string } },
  ids: { commandId: string; correlationId: string },
): Promise<{ organizationId: string }> {
  const { invitationId, user } = input
  const invitation = await shell.db
    .selectFrom('invitation')
    .selectAll()
    .where('id', '=', invitationId)
    .executeTakeFirst()
  if (!invitation || invitation.status === 'canceled' || invitation.expiresAt <= shell.clock()) {
    throw new DomainError('InvitationMissing', 'This invitation is over. Ask for a new one.')
  }
  const { organizationId } = invitation
  const actor: Actor = { kind: 'person', id: user.id, name: user.name }
  const person = { userId: user.id, name: user.name, email: user.email }
  const { state } = await onOrganization(
    shell,
    { type: 'JoinOrganization', invitationId, ...person },
    { actor, organizationId, causationId: null, ...ids },
  )
  // The command may be a repeated one of somebody who was removed since: it must not let them in again.
  const role = state.members[user.id]?.role
  if (!role) throw new DomainError('InvitationMissing', 'This invitation is over. Ask for a new one.')
  await addMember(shell, { organizationId, userId: user.id, role })
  await settleInvitation(shell, invitationId, organizationId, 'accepted')
  return { organizationId }
}

async function settleInvitation(shell: Shell, id: string, organizationId: string, status: string): Promise<void> {
  await shell.db
    .updateTable('invitation')
    .set({ status })
    .where('id', '=', id)
    .where('organizationId', '=', organizationId)
    .execute()
}

/** Takes a person out of the organization: `by` is who does it, the same person when leaving. */
export async function removeMember(shell: Shell, input: { userId: string; by: string }, by: Cause): Promise<void> {
  const { userId } = input
  const command: OrganizationCommand =
    userId === input.by ? { type: 'LeaveOrganization', userId } : { type: 'RemoveMember', userId, by: input.by }
  await onOrganization(shell, command, by)
  const { organizationId } = by
  await shell.db
    .deleteFrom('member')
    .where('organizationId', '=', organizationId)
    .where('userId', '=', userId)
    .execute()
  await shell.db
    .updateTable('session')
    .set({ activeOrganizationId: null })
    .where('userId', '=', userId)
    .where('activeOrganizationId', '=', organizationId)
    .execute()
}

/** Makes an API key; the key itself is given once and stored only as a hash. */
export async function createKey(
  shell: Shell,
  input: { name: string; rights: Right[]; expiresAt: Date | null; userId: string },
  by: Cause,
): Promise<{ id: string; key: string }> {
  const { name, rights, userId } = input
  const lifeSeconds = input.expiresAt ? Math.ceil((input.expiresAt.getTime() - shell.clock().getTime()) / 1000) : null
  const made = await shell.people.betterAuth.api.createApiKey({
    body: {
      ...{ name, userId, metadata: { organizationId: by.organizationId, rights } },
      ...(lifeSeconds === null ? {} : { expiresIn: lifeSeconds }),
    },
  })
  const expiresAt = input.expiresAt?.toISOString() ?? null
  try {
    await onOrganization(shell, { type: 'RecordKey', keyId: made.id, name, rights, expiresAt }, by)
  } catch (error) {
    // A key that no event tells of must not work.
    await shell.db.deleteFrom('apikey').where('id', '=', made.id).execute()
    throw error
  }
  return { id: made.id, key: made.key }
}

/**
 * Ends a key at once.
 * @throws {DomainError} KeyMissing when the organization has no such key.
 */
export async function revokeKey(shell: Shell, keyId: string, by: Cause): Promise<void> {
  const { events } = await onOrganization(shell, { type: 'RevokeKey', keyId }, by)
  if (events.length > 0) await shell.db.deleteFrom('apikey').where('id', '=', keyId).execute()
}
