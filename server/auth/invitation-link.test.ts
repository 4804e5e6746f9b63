import { createHash, randomUUID } from 'node:crypto'
import { openPool, queryBuilder } from '@git-connections/events/store'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { invitationReference, invitationSecret, secretOf } from './invitation-link.ts'
import { invitationLinks } from './migrations/0002-invitation-links.ts'

const keyOf = (installation: string) => (purpose: string) =>
  createHash('sha256')
    .update(installation + purpose)
    .digest()

describe("the secret of an invitation's link", () => {
  test('is the same for the same command, and another for another command or installation', () => {
    const commandId = randomUUID()
    const secret = invitationSecret(keyOf('here'), commandId)
    expect(invitationSecret(keyOf('here'), commandId)).toBe(secret)
    expect(invitationSecret(keyOf('here'), randomUUID())).not.toBe(secret)
    expect(invitationSecret(keyOf('there'), commandId)).not.toBe(secret)
  })

  test('is shown again where it is the one that was given out, and not while the key is another', () => {
    const commandId = randomUUID()
    const secret = invitationSecret(keyOf('here'), commandId)
    const id = invitationReference(secret)
    expect(secretOf(keyOf('here'), { id, commandId })).toBe(secret)
    expect(secretOf(keyOf('there'), { id, commandId })).toBe(null)
    expect(secretOf(keyOf('here'), { id, commandId: null })).toBe(null)
  })

  test('leaves a database that still held it', async () => {
    await using database = await createTestDatabase()
    const pool = openPool(database.connectionString)
    const db = queryBuilder<unknown>(pool)
    await sql`alter table invitation drop column "commandId"`.execute(db)
    const [user, organization] = [randomUUID(), randomUUID()]
    const secrets = [randomUUID(), randomUUID()]
    await sql`insert into "user" (id, name, email, "emailVerified") values (${user}, 'Ada', 'ada@example.com', false)`.execute(
      db,
    )
    await sql`insert into organization (id, name, slug, "createdAt") values (${organization}, 'Acme', 'acme', now())`.execute(
      db,
    )
    for (const [n, id] of secrets.entries()) {
      await sql`insert into invitation (id, "organizationId", email, status, "expiresAt", "inviterId")
        values (${id}, ${organization}, ${`${n}@example.com`}, 'pending', now() + interval '1 day', ${user})`.execute(
        db,
      )
    }
    await invitationLinks.up(db)
    const { rows } = await sql<{ id: string; email: string }>`select id, email from invitation order by email`.execute(
      db,
    )
    await pool.end()
    expect(rows).toEqual(secrets.map((secret, n) => ({ id: invitationReference(secret), email: `${n}@example.com` })))
  })
})
