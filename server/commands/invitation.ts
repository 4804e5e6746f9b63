import { type Actor, DomainError, type Role } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import { invitationReference, invitationSecret } from '../auth/invitation-link.ts'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { addMember, onOrganization } from './organization.ts'

const INVITATION_LIFE_MS = 7 * 24 * 3_600_000

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
  // Derived, so that the same command gives the same link.
  const secret = invitationSecret(shell.vault.purposeKey, by.commandId)
  const id = invitationReference(secret)
  const { role, inviterId } = input
  await onOrganization(shell, { type: 'InviteMember', invitationId: id, email, role, by: inviterId }, by)
  await shell.db
    .insertInto('invitation')
    .values({
      ...{ id, organizationId: by.organizationId, email, role, status: 'pending', inviterId },
      ...{ expiresAt: new Date(shell.clock().getTime() + INVITATION_LIFE_MS), commandId: by.commandId },
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  return { id: secret }
}

/** Takes an invitation back, named by its reference. */
export async function cancelInvitation(
  shell: Shell,
  input: { invitationId: string; userId: string },
  by: Cause,
): Promise<void> {
  const { invitationId, userId } = input
  await onOrganization(shell, { type: 'CancelInvitation', invitationId, by: userId }, by)
  await settleInvitation(shell, invitationId, by.organizationId, 'canceled')
}

/** Makes a signed-in person a member by an invitation for their address; `invitationId` is the secret of its link. */
export async function acceptInvitation(
  shell: Shell,
  input: { invitationId: string; user: { id: string; name: string; email: string } },
  ids: { commandId: string; correlationId: string },
): Promise<{ organizationId: string }> {
  const { user } = input
  const invitationId = invitationReference(input.invitationId)
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
