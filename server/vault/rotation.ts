import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, type Selectable, sql } from 'kysely'
import { readInstallationKey } from './installation-key.ts'
import type { Keyring, MasterKey } from './keyring.ts'
import { readKeyring } from './keyring.ts'
import type { Place } from './place.ts'
import { rewrap, SealBroken, type Sealed } from './seal.ts'
import type { VaultTables } from './tables.ts'

const BATCH = 200
/** How often a pass is tried again that found only rows that others were just changing. */
const PATIENCE = 50
const PAUSE_MS = 200

/** What lies sealed under one master key. */
export interface KeyUse {
  readonly keyId: string
  readonly credentials: number
  /** Whether the installation's own key is among it. */
  readonly installation: boolean
}

/** Every master key that is here or in use. The current one comes first: it is the first in MASTER_KEYS or the file. */
export type Keys = readonly [current: KeyUse & { here: boolean }, ...others: (KeyUse & { here: boolean })[]]

/** What a rotation did, and what it left. */
export interface Rotation {
  readonly rewrapped: number
  /** Credentials that do not open with the key they name; they were left as they are. */
  readonly broken: readonly Place[]
  readonly keys: Keys
}

/** Where the master keys are, and what is sealed under them. */
export interface VaultPlace {
  readonly db: Kysely<VaultTables>
  readonly masterKeys: string | undefined
  readonly dataDir: string
}

type Row = Selectable<VaultTables['credential']>

/** How many credentials lie under each master key, and under which the installation's own key does. */
export async function countByKey(db: Kysely<VaultTables>): Promise<KeyUse[]> {
  const credentials = await db
    .selectFrom('credential')
    .select(['key_id', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('key_id')
    .execute()
  const own = await db.selectFrom('installation_key').select('key_id').executeTakeFirst()
  const ids = new Set([...credentials.map(({ key_id }) => key_id), ...(own ? [own.key_id] : [])])
  return [...ids].map((keyId) => ({
    keyId,
    credentials: credentials.find(({ key_id }) => key_id === keyId)?.count ?? 0,
    installation: own?.key_id === keyId,
  }))
}

/**
 * The master keys and what lies under each.
 * @throws {ConfigError} when a master key is malformed or its file is open to others.
 */
export async function listKeys(place: VaultPlace): Promise<Keys> {
  return everyKey(place.db, await readKeyring(place))
}

/**
 * Wraps every data key again with the first master key, in batches; values stay as they are, and so does the log. Each
 * row opens before and after its batch, so that credentials can be used meanwhile, and what a kill interrupts is
 * taken up by the next run.
 * @throws {ConfigError} when a master key is malformed or its file is open to others.
 */
export async function rotateKeys(
  place: VaultPlace,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Rotation> {
  const { db } = place
  const { current, byId } = await readKeyring(place)
  const keys: Keyring = { current, byId }
  await readInstallationKey(db, keys)
  const total = (await countByKey(db))
    .filter(({ keyId }) => keyId !== current.id && byId.has(keyId))
    .reduce((sum, { credentials }) => sum + credentials, 0)
  const broken = new Map<string, Place>()
  let rewrapped = 0
  for (let patience = PATIENCE; patience > 0; patience--) {
    let after: Row | undefined
    let moved = 0
    for (;;) {
      const batch = await rewrapBatch(db, keys, after)
      after = batch.last
      moved += batch.moved
      for (const place of batch.broken) broken.set(JSON.stringify(place), place)
      onProgress(Math.min(rewrapped + moved, total), total)
      if (!after) break
    }
    rewrapped += moved
    const left = (await countByKey(db)).filter(({ keyId }) => keyId !== current.id && byId.has(keyId))
    if (left.reduce((sum, { credentials }) => sum + credentials, 0) <= broken.size) break
    if (moved === 0) await sleep(PAUSE_MS)
    else patience = PATIENCE
  }
  return { rewrapped, broken: [...broken.values()], keys: await everyKey(db, keys) }
}

/** The next rows in the order of their key; those that somebody is just changing are left to the next pass. */
async function rewrapBatch(db: Kysely<VaultTables>, keys: Keyring, after: Row | undefined) {
  const old = [...keys.byId.keys()].filter((id) => id !== keys.current.id)
  if (old.length === 0) return { last: undefined, moved: 0, broken: [] }
  return db.transaction().execute(async (tx) => {
    let query = tx.selectFrom('credential').selectAll().where('key_id', 'in', old)
    if (after) {
      const { organization_id, connection_id, field, version } = after
      query = query.where(
        sql<boolean>`(organization_id, connection_id, field, version) > (${organization_id}, ${connection_id}, ${field}, ${version})`,
      )
    }
    const rows = await query
      .orderBy('organization_id')
      .orderBy('connection_id')
      .orderBy('field')
      .orderBy('version')
      .limit(BATCH)
      .forNoKeyUpdate()
      .skipLocked()
      .execute()
    const wrapped = rows.map((row) => ({ row, sealed: rewrapRow(keys, row) }))
    const opened = wrapped.flatMap(({ row, sealed }) => (sealed ? [{ row, sealed }] : []))
    if (opened.length > 0) {
      await sql`
        update credential c set key_id = ${keys.current.id}, wrapped_key = n.wrapped_key
        from unnest(${opened.map(({ row }) => row.organization_id)}::uuid[],
          ${opened.map(({ row }) => row.connection_id)}::uuid[], ${opened.map(({ row }) => row.field)}::text[],
          ${opened.map(({ row }) => row.version)}::int[], ${opened.map(({ sealed }) => sealed.wrappedKey)}::bytea[])
          as n(organization_id, connection_id, field, version, wrapped_key)
        where c.organization_id = n.organization_id and c.connection_id = n.connection_id
          and c.field = n.field and c.version = n.version`.execute(tx)
    }
    const broken = wrapped.flatMap(({ row, sealed }) => (sealed ? [] : [placeOf(row)]))
    return { last: rows.at(-1), moved: opened.length, broken }
  })
}

function rewrapRow(keys: Keyring, row: Row): Sealed | null {
  const key: MasterKey | undefined = keys.byId.get(row.key_id)
  if (!key) return null
  try {
    return rewrap(keys, key, placeOf(row), { keyId: row.key_id, wrappedKey: row.wrapped_key, sealed: row.sealed })
  } catch (error) {
    if (error instanceof SealBroken) return null
    throw error
  }
}

function placeOf({ organization_id, connection_id, field, version }: Row): Place {
  return { organizationId: organization_id, connectionId: connection_id, field, version }
}

async function everyKey(db: Kysely<VaultTables>, { current, byId }: Keyring): Promise<Keys> {
  const used = await countByKey(db)
  const useOf = (keyId: string) => ({
    ...(used.find((one) => one.keyId === keyId) ?? { keyId, credentials: 0, installation: false }),
    here: byId.has(keyId),
  })
  const others = new Set([...byId.keys(), ...used.map(({ keyId }) => keyId)])
  others.delete(current.id)
  return [useOf(current.id), ...[...others].map(useOf)]
}
