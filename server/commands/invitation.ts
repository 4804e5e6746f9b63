import { type Actor, DomainError, type Role } from '@git-connections/events'
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid'
import type { Shell } from '../shell.ts'
import type { Cause } from './execute.ts'
import { addMember, onOrganization } from './organization.ts'

const INVITATION_LIFE_MS = 7 * 24 * 3_600_000
const NAMESPACE = '7b1f2b0e-6a53-4c0c-9b1c-0a4a3c2f5d11'

/**
 * What the log and the list of members call an invitation. Its own id is the secret of its link: who holds it may join,
 * so it must not be read from what every member sees.
 */
export function invitationReference(id: string): string {
  return uuidv5(id, NAMESPACE)
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
    await onOrganization(
      shell,
      { type: 'CancelInvitation', invitationId: invitationReference(id), by: input.inviterId },
      cause,
    )
  }
  // Derived, so that the same command gives the same link; unguessable without the command's own random id.
  const id = uuidv5(`invitation ${by.commandId}`, shell.vault.purposeKey('invitations').subarray(0, 16))
  await onOrganization(
    shell,
    { type: 'InviteMember', invitationId: invitationReference(id), email, role: input.role, by: input.inviterId },
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

/** Takes an invitation back, named by its reference. */
export async function cancelInvitation(
  shell: Shell,
  input: { invitationId: string; userId: string },
  by: Cause,
): Promise<void> {
  const { invitationId, userId } = input
  await onOrganization(shell, { type: 'CancelInvitation', invitationId, by: userId }, by)
  const pending = await shell.db
    .selectFrom('invitation')
    .select('id')
    .where('organizationId', '=', by.organizationId)
    .where('status', '=', 'pending')
    .execute()
  const own = pending.find(({ id }) => invitationReference(id) === invitationId)
  if (own) await settleInvitation(shell, own.id, by.organizationId, 'canceled')
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
    { type: 'JoinOrganization', invitationId: invitationReference(invitationId), ...person },
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
