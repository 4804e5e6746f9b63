import { type Actor, DomainError } from '@git-connections/events'
import type { Kysely } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Keyring } from './keyring.ts'
import type { Place } from './place.ts'
import { unseal } from './seal.ts'
import type { VaultTables } from './tables.ts'

/** Who uses a credential, and what for. */
export interface Use {
  readonly actor: Actor
  readonly purpose: 'validate' | 'probe' | 'refresh' | 'sign-in' | 'revoke' | 'list' | 'clone'
  readonly correlationId: string
}

/**
 * The one way to a sealed value's plaintext: the use is on record before the secret is handed out; what can't be
 * recorded is not released. The secret must not outlive the call.
 * @throws {DomainError} ConnectionMissing when there is no such credential; VaultSealed when its key is not here.
 */
export async function openCredential<Result>(
  vault: { db: Kysely<VaultTables>; keys: Keyring; clock: () => Date },
  place: Place,
  use: Use,
  work: (secret: string) => Promise<Result>,
): Promise<Result> {
  const row = await vault.db
    .selectFrom('credential')
    .selectAll()
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('field', '=', place.field)
    .where('version', '=', place.version)
    .executeTakeFirst()
  if (!row) throw new DomainError('ConnectionMissing', 'The credential of this connection is gone. Paste a new one.')
  const key = vault.keys.byId.get(row.key_id)
  if (!key) throw new DomainError('VaultSealed', missingKey(row.key_id))
  await vault.db
    .insertInto('credential_use')
    .values({
      ...{ organization_id: place.organizationId, id: uuidv7(), connection_id: place.connectionId, field: place.field },
      ...{ version: place.version, used_at: vault.clock(), actor: JSON.stringify(use.actor), purpose: use.purpose },
      correlation_id: use.correlationId,
    })
    .execute()
  return work(unseal(key, place, { keyId: row.key_id, wrappedKey: row.wrapped_key, sealed: row.sealed }))
}

/** Opens sealed values with the vault's keys; the broker alone holds this. */
export type OpenCredential = <Result>(
  place: Place,
  use: Use,
  work: (secret: string) => Promise<Result>,
) => Promise<Result>

/** What people are told when credentials are sealed under a key that the server does not have. */
export function missingKey(keyId: string): string {
  return `Credentials are sealed with master key ${keyId}, which this server does not have. The operator must bring it back in MASTER_KEYS or the key file.`
}
