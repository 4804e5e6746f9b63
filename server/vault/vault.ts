import { createHmac } from 'node:crypto'
import type { RowChange } from '@git-connections/events/store'
import type { Kysely } from 'kysely'
import { type PurposeKey, readInstallationKey } from './installation-key.ts'
import { readKeyring } from './keyring.ts'
import { missingKey, type OpenCredential, openCredential } from './open-credential.ts'
import type { Place } from './place.ts'
import { countByKey } from './rotation.ts'
import { seal } from './seal.ts'
import type { VaultTables } from './tables.ts'

const KEY = ['connection_id', 'field', 'version'] as const

/** Where credentials lie sealed; nothing here gives one out. */
export interface Vault {
  /** The row of a newly sealed credential, to be written beside the event that tells of it. */
  readonly seal: (place: Place, secret: string, at: Date) => RowChange
  /** The change that removes a credential for good. */
  readonly remove: (place: Place) => RowChange
  /** Seals a secret and stores it at once: for what no event tells of, such as a grant that waits to be confirmed. */
  readonly keep: (place: Place, secret: string) => Promise<void>
  /** Removes everything that was kept for an owner. */
  readonly drop: (owner: Pick<Place, 'organizationId' | 'connectionId'>) => Promise<void>
  /** Keyed hash of a secret: tells two apart, gives nothing away. */
  readonly fingerprint: (secret: string) => string
  /** A key for one purpose that stays when master keys change. */
  readonly purposeKey: PurposeKey
  /** What keeps credentials from being opened, for the operator; empty when all is well. */
  readonly warnings: readonly string[]
}

/**
 * Opens the vault with the operator's master keys. `open` is what gives credentials out: it goes to the broker and to
 * nobody else.
 * @throws {ConfigError} when a key is malformed or its file is open to others.
 */
export async function openVault(options: {
  db: Kysely<VaultTables>
  masterKeys: string | undefined
  dataDir: string
  clock: () => Date
}): Promise<{ vault: Vault; open: OpenCredential }> {
  const { db, clock } = options
  const keys = await readKeyring(options)
  const purposeKey = await readInstallationKey(db, keys)
  const used = await countByKey(db)
  const missing = used.map(({ keyId }) => keyId).filter((keyId) => !keys.byId.has(keyId))
  const vault: Vault = {
    seal(place, secret, at) {
      const { keyId, wrappedKey, sealed } = seal(keys, place, secret)
      const bytes = { wrapped_key: hex(wrappedKey), sealed: hex(sealed) }
      const values = { ...keyOf(place), key_id: keyId, ...bytes, created_at: at.toISOString() }
      return { table: 'credential', key: KEY, values, remove: false }
    },
    async keep(place, secret) {
      const { keyId, wrappedKey, sealed } = seal(keys, place, secret)
      const bytes = { key_id: keyId, wrapped_key: wrappedKey, sealed }
      await db
        .insertInto('credential')
        .values({ ...keyOf(place), ...bytes, created_at: clock() })
        .execute()
    },
    async drop({ organizationId, connectionId }) {
      await db
        .deleteFrom('credential')
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .execute()
    },
    remove: (place) => ({ table: 'credential', key: KEY, values: keyOf(place), remove: true }),
    fingerprint: (secret) => createHmac('sha256', purposeKey('fingerprints')).update(secret).digest('hex').slice(0, 16),
    purposeKey,
    warnings: missing.map(missingKey),
  }
  return { vault, open: (place, use, work) => openCredential({ db, keys, clock }, place, use, work) }
}

function keyOf({ organizationId, connectionId, field, version }: Place) {
  return { organization_id: organizationId, connection_id: connectionId, field, version }
}

/** How jsonb carries bytes to a bytea column. */
function hex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`
}
