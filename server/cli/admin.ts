import { randomBytes } from 'node:crypto'
import { queryBuilder } from '@git-connections/events/store'
import { hashPassword } from 'better-auth/crypto'
import type { Tables } from '../database/tables.ts'
import { newKey, rotate } from './keys.ts'
import { UsageError, withStore } from './open.ts'

const USAGE = `npm run admin -- list-people             who has an account
npm run admin -- reset-password EMAIL    give a person a new password and end their sessions
npm run admin -- new-key                 put a new master key before the others in the key file
npm run admin -- rotate-keys             wrap all credentials with the first master key, while the server runs`

await withStore(async (opened) => {
  const { store, print } = opened
  const [verb, ...rest] = process.argv.slice(2)
  if (verb === 'new-key' && rest.length === 0) return newKey(opened)
  if (verb === 'rotate-keys' && rest.length === 0) return rotate(opened)
  const db = queryBuilder<Tables>(store.pool)
  if (verb === 'list-people') {
    const people = await db
      .selectFrom('user')
      .leftJoin('member', 'member.userId', 'user.id')
      .select(['user.name', 'user.email', 'member.role'])
      .orderBy('user.createdAt')
      .execute()
    for (const { name, email, role } of people) print(`${email}  ${name}  ${role ?? 'no member'}`)
    return 0
  }
  if (verb !== 'reset-password' || rest.length !== 1) throw new UsageError(USAGE)
  const email = rest[0]?.toLowerCase() ?? ''
  const person = await db.selectFrom('user').select('id').where('email', '=', email).executeTakeFirst()
  if (!person) throw new UsageError(`Nobody has an account with ${email}. Look with: npm run admin -- list-people`)
  const password = randomBytes(15).toString('base64url')
  const hash = await hashPassword(password)
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('account')
      .set({ password: hash })
      .where('userId', '=', person.id)
      .where('providerId', '=', 'credential')
      .execute()
    await tx.deleteFrom('session').where('userId', '=', person.id).execute()
  })
  print(`New password of ${email}: ${password}`)
  print('All sessions of this person were ended.')
  return 0
})
