import {
  type Actor,
  type Organization,
  type OrganizationCommand,
  type OrganizationEvent,
  organization,
  type Right,
  type Role,
} from '@git-connections/events'
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { execute } from './execute.ts'

const NAMESPACE = '0d0a2c3c-5c1e-4b0e-8a55-0f4f8c6b6a11'

/**
 * Carries out a command on the organization. Each command appends first and then changes better-auth's rows, which can be done again: after a crash between the
 * two, the same command finds its event and still changes the rows.
 */
export function onOrganization(shell: Shell, command: OrganizationCommand, by: Cause) {
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

export async function addMember(
  shell: Shell,
  member: { organizationId: string; userId: string; role: Role },
): Promise<void> {
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
  await revokeKeysOf(shell, userId, by)
  await shell.db
    .updateTable('session')
    .set({ activeOrganizationId: null })
    .where('userId', '=', userId)
    .where('activeOrganizationId', '=', organizationId)
    .execute()
}

/** The keys that somebody made end with their membership, so that coming back does not wake them. */
async function revokeKeysOf(shell: Shell, userId: string, by: Cause): Promise<void> {
  const keys = await shell.db
    .selectFrom('apikey')
    .select(['id', 'metadata'])
    .where('referenceId', '=', userId)
    .execute()
  for (const { id, metadata } of keys) {
    if (metadata?.includes(by.organizationId)) await revokeKey(shell, id, { ...by, commandId: uuidv7() })
  }
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
  await onOrganization(shell, { type: 'RevokeKey', keyId }, by)
  await shell.db.deleteFrom('apikey').where('id', '=', keyId).execute()
}
