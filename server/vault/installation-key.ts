import { hkdfSync, randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Keyring } from './keyring.ts'
import type { Place } from './place.ts'
import { rewrap, seal, unseal } from './seal.ts'
import type { VaultTables } from './tables.ts'

const KEY_BYTES = 32
const NOWHERE = '00000000-0000-0000-0000-000000000000'
const PLACE: Place = { organizationId: NOWHERE, connectionId: NOWHERE, field: 'installation', version: 1 }

/** A key for one purpose, derived from the installation's. */
export type PurposeKey = (purpose: string) => Buffer

/**
 * Reads, or makes, the one secret of this installation that outlives its master keys: sessions, fingerprints and
 * invitation links must stay what they are when a master key is changed. It lies sealed in the database; where its
 * master key is missing, a passing one takes its place until the key is back.
 */
export async function readInstallationKey(db: Kysely<VaultTables>, keys: Keyring): Promise<PurposeKey> {
  const secret = (await stored(db, keys)) ?? randomBytes(KEY_BYTES)
  return (purpose) => Buffer.from(hkdfSync('sha256', secret, '', `git-connections ${purpose}`, KEY_BYTES))
}

async function stored(db: Kysely<VaultTables>, keys: Keyring): Promise<Buffer | null> {
  const made = seal(keys, PLACE, randomBytes(KEY_BYTES).toString('base64'))
  await db
    .insertInto('installation_key')
    .values({ key_id: made.keyId, wrapped_key: made.wrappedKey, sealed: made.sealed })
    .onConflict((conflict) => conflict.column('only_one').doNothing())
    .execute()
  const row = await db.selectFrom('installation_key').selectAll().executeTakeFirstOrThrow()
  const key = keys.byId.get(row.key_id)
  if (!key) return null
  const sealed = { keyId: row.key_id, wrappedKey: row.wrapped_key, sealed: row.sealed }
  const secret = Buffer.from(unseal(key, PLACE, sealed), 'base64')
  if (key.id !== keys.current.id) {
    const { keyId, wrappedKey } = rewrap(keys, key, PLACE, sealed)
    await db
      .updateTable('installation_key')
      .set({ key_id: keyId, wrapped_key: wrappedKey })
      .where('wrapped_key', '=', row.wrapped_key)
      .execute()
  }
  return secret
}
