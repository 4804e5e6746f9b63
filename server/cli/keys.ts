import { resolve } from 'node:path'
import { queryBuilder } from '@git-connections/events/store'
import { sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { addKey, keyFileIn } from '../vault/key-file.ts'
import { listKeys, rotateKeys } from '../vault/rotation.ts'
import { type Opened, UsageError } from './open.ts'
import { createProgress } from './progress.ts'

/** One number for all who change the key file, so that two at once do not lose a key. */
const KEY_FILE_LOCK = 728_104

/** Puts a new master key before the others in the key file. */
export async function newKey(opened: Opened): Promise<number> {
  const { config, print } = opened
  if (config.masterKeys !== undefined) {
    throw new UsageError(
      'MASTER_KEYS is set, so there is no key file. Put a new key before the others in it (openssl rand -base64 32), restart the server, then run: npm run admin -- rotate-keys',
    )
  }
  const place = placeOf(opened)
  // Makes the file where there is none yet.
  await listKeys(place)
  const file = keyFileIn(place.dataDir)
  await place.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${KEY_FILE_LOCK})`.execute(tx)
    await addKey(file)
  })
  const [current] = await listKeys(place)
  print(`Master key ${current.keyId} is now the first in ${file}; the older ones stand below it.`)
  print('A server on this data folder uses it from now on. To wrap everything with it: npm run admin -- rotate-keys')
  return 0
}

/** Wraps everything with the first master key, and tells what is left under which. */
export async function rotate(opened: Opened): Promise<number> {
  const { print } = opened
  const place = placeOf(opened)
  await refuseWhileServersLackTheKey(place)
  const progress = createProgress('Wrapping credentials', 'credentials')
  const { rewrapped, broken, keys } = await rotateKeys(place, progress.at)
  progress.end()
  print(`${rewrapped} credentials were wrapped again.`)
  for (const { organizationId, connectionId, field, version } of broken) {
    print(
      `Does not open with its key and was left: ${field} ${version} of connection ${connectionId} in organization ${organizationId}`,
    )
  }
  const where = place.masterKeys === undefined ? keyFileIn(place.dataDir) : 'MASTER_KEYS'
  const [current, ...others] = keys
  print(`Master key ${current.keyId} (the first in ${where}): ${amount(current)}.`)
  for (const key of others) {
    const used = key.credentials > 0 || key.installation
    if (used)
      print(
        `Master key ${key.keyId}: ${amount(key)} left. ${key.here ? 'Run this again.' : `It is not in ${where}; bring it back there and run this again.`}`,
      )
    else print(`Master key ${key.keyId}: nothing is left. It may be removed from ${where}.`)
  }
  return others.some(({ credentials, installation }) => credentials > 0 || installation) ? 1 : 0
}

function amount(key: { credentials: number; installation: boolean }): string {
  return `${key.credentials} credentials${key.installation ? " and the installation's own key" : ''}`
}

function placeOf({ config, store }: Opened) {
  return { db: queryBuilder<Tables>(store.pool), masterKeys: config.masterKeys, dataDir: resolve(config.dataDir) }
}

/** A server reads MASTER_KEYS once; what is wrapped with a key that it does not have would be closed to it. */
async function refuseWhileServersLackTheKey(place: ReturnType<typeof placeOf>): Promise<void> {
  if (place.masterKeys === undefined) return
  const [current] = await listKeys(place)
  // A server that starts with a key wraps the installation's own with it.
  if (current.installation) return
  const { rows } = await sql`
    select 1 from pg_stat_activity
    where datname = current_database() and application_name = 'git-connections jobs'`.execute(place.db)
  if (rows.length === 0) return
  throw new UsageError(
    `A server runs that does not have master key ${current.keyId}. Restart it with this key first in its MASTER_KEYS (the old one after it), then run this again.`,
  )
}
