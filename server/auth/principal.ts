import { defaultKeyHasher } from '@better-auth/api-key'
import { type Actor, type Right, type Role, rightName, rights, roleName } from '@git-connections/events'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../database/tables.ts'
import type { BetterAuth } from './auth.ts'

/** Who asks, as looked up for this very request. */
export interface Principal {
  readonly organizationId: string
  readonly userId: string
  readonly role: Role
  readonly rights: readonly Right[]
  readonly actor: Actor
}

const keyMetadata = z.object({ organizationId: z.uuid(), rights: z.array(rightName) })

/** Finds out who asks by key or by session; null when nobody we know. Membership is read anew each time. */
export async function findPrincipal(auth: BetterAuth, db: Kysely<Tables>, headers: Headers): Promise<Principal | null> {
  const key = headers.get('x-api-key')
  return key === null ? findPerson(auth, db, headers) : findKey(auth, db, key)
}

/** The person of a session, whether a member of an organization or not. */
export async function findUser(auth: BetterAuth, headers: Headers) {
  const found = await auth.api.getSession({ headers })
  if (!found) return null
  const { token, activeOrganizationId } = found.session
  return { ...found.user, activeOrganizationId: activeOrganizationId ?? null, sessionToken: token }
}

async function findPerson(auth: BetterAuth, db: Kysely<Tables>, headers: Headers): Promise<Principal | null> {
  const user = await findUser(auth, headers)
  if (!user) return null
  const memberships = await db
    .selectFrom('member')
    .select(['organizationId', 'role'])
    .where('userId', '=', user.id)
    .orderBy('createdAt')
    .execute()
  // The session keeps its organization after a removal, so it only chooses among memberships, and proves none.
  const member =
    memberships.find(({ organizationId }) => organizationId === user.activeOrganizationId) ?? memberships[0]
  if (!member) return null
  const actor: Actor = { kind: 'person', id: user.id, name: user.name }
  const role = roleName.parse(member.role)
  return { organizationId: member.organizationId, userId: user.id, role, rights, actor }
}

async function findKey(auth: BetterAuth, db: Kysely<Tables>, key: string): Promise<Principal | null> {
  const verified = await auth.api.verifyApiKey({ body: { key } })
  if (!verified.valid || !verified.key) {
    await mustBeInvalid(db, key)
    return null
  }
  const { id, name, referenceId } = verified.key
  const metadata = keyMetadata.safeParse(verified.key.metadata)
  if (!metadata.success) return null
  const { organizationId } = metadata.data
  const maker = await db
    .selectFrom('member')
    .select('role')
    .where('userId', '=', referenceId)
    .where('organizationId', '=', organizationId)
    .executeTakeFirst()
  // A key is worth what its maker is worth now.
  if (!maker) return null
  const actor: Actor = { kind: 'key', id, name: name ?? 'a key' }
  const role = roleName.parse(maker.role)
  return { organizationId, userId: referenceId, role, rights: metadata.data.rights, actor }
}

/**
 * better-auth calls a key invalid, too, when the database did not answer. A program must not be told that its key is
 * no longer good because of that, so the key is looked for once more.
 * @throws {Error} when the key is good after all, or the database still does not answer.
 */
async function mustBeInvalid(db: Kysely<Tables>, key: string): Promise<void> {
  const row = await db
    .selectFrom('apikey')
    .select(['enabled', 'expiresAt'])
    .where('key', '=', await defaultKeyHasher(key))
    .executeTakeFirst()
  if (!row || row.enabled === false || (row.expiresAt && row.expiresAt <= new Date())) return
  throw new Error('The key is good, but could not be verified.')
}
