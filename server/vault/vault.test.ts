import { randomBytes, randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { openPool, queryBuilder } from '@git-connections/events/store'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tables } from '../database/tables.ts'
import { readKeyring } from './keyring.ts'
import type { Place } from './place.ts'
import { rewrap, SealBroken, seal, unseal } from './seal.ts'
import { openVault } from './vault.ts'

const newKey = () => randomBytes(32).toString('base64')
const place = (changes: Partial<Place> = {}): Place => ({
  ...{ organizationId: randomUUID(), connectionId: randomUUID(), field: 'token', version: 1 },
  ...changes,
})
const keysOf = (...masterKeys: string[]) => readKeyring({ masterKeys: masterKeys.join(','), dataDir: '/nowhere' })

describe('a sealed credential', () => {
  test('opens in its place', async () => {
    const keys = await keysOf(newKey())
    const here = place()
    expect(unseal(keys.current, here, seal(keys, here, 'ghp_canary'))).toBe('ghp_canary')
  })

  test('opens in no other row, organization or version', async () => {
    const keys = await keysOf(newKey())
    const [organizationId, connectionId] = [randomUUID(), randomUUID()]
    const places = Array.from({ length: 60 }, (_, n) =>
      place({
        organizationId: n % 3 === 0 ? organizationId : randomUUID(),
        connectionId: n % 2 === 0 ? connectionId : randomUUID(),
        version: n,
      }),
    )
    const sealed = places.map((here) => ({ here, sealed: seal(keys, here, 'ghp_canary') }))
    let opened = 0
    for (const { sealed: value, here } of sealed) {
      for (const there of places) {
        if (there === here) continue
        expect(() => unseal(keys.current, there, value)).toThrow(SealBroken)
        opened++
      }
    }
    expect(opened).toBe(60 * 59)
  })

  test('does not open when any byte was changed', async () => {
    const keys = await keysOf(newKey())
    const here = place()
    const value = seal(keys, here, 'ghp_canary')
    for (const part of ['sealed', 'wrappedKey'] as const) {
      for (let index = 0; index < value[part].length; index++) {
        const bytes = Buffer.from(value[part])
        bytes[index] = (bytes[index] ?? 0) ^ 1
        expect(() => unseal(keys.current, here, { ...value, [part]: bytes })).toThrow(SealBroken)
      }
    }
  })

  test('opens under a new master key once its data key is wrapped again', async () => {
    const [before, after] = [newKey(), newKey()]
    const old = await keysOf(before)
    const both = await keysOf(after, before)
    const here = place()
    const value = rewrap(both, old.current, here, seal(old, here, 'ghp_canary'))
    expect(value.keyId).toBe(both.current.id)
    expect(unseal((await keysOf(after)).current, here, value)).toBe('ghp_canary')
  })
})

describe('the master keys', () => {
  test('are made on the first start, for the owner alone, and stay', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'keys-'))
    const first = await readKeyring({ masterKeys: undefined, dataDir })
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600)
    const again = await readKeyring({ masterKeys: undefined, dataDir })
    expect(again.current.id).toBe(first.current.id)
    await rm(dataDir, { recursive: true })
  })

  test('are refused when others can read them', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'keys-'))
    await readKeyring({ masterKeys: undefined, dataDir })
    await chmod(join(dataDir, 'master.key'), 0o644)
    await expect(readKeyring({ masterKeys: undefined, dataDir })).rejects.toThrow('chmod 600')
    await rm(dataDir, { recursive: true })
  })

  test('are refused, by the name of the variable and not by their text, when they are malformed', async () => {
    const refusal = await keysOf('c2hvcnQ=').catch((error: unknown) => error)
    expect(String(refusal)).toContain('MASTER_KEYS')
    expect(inspect(refusal)).not.toContain('c2hvcnQ')
  })

  test('of two starts at once are one', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'keys-'))
    const rings = await Promise.all(Array.from({ length: 8 }, () => readKeyring({ masterKeys: undefined, dataDir })))
    expect(new Set(rings.map(({ current }) => current.id)).size).toBe(1)
    expect(await readFile(join(dataDir, 'master.key'), 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
    await rm(dataDir, { recursive: true })
  })
})

describe('the vault', () => {
  let pool: pg.Pool
  let close: () => Promise<void>
  beforeAll(async () => {
    const database = await createTestDatabase()
    pool = openPool(database.connectionString)
    close = async () => {
      await pool.end()
      await database[Symbol.asyncDispose]()
    }
  })
  afterAll(() => close())

  const clock = () => new Date('2026-11-24T10:00:00.000Z')
  const use = {
    actor: { kind: 'job' as const, id: 'j', name: 'J' },
    purpose: 'validate' as const,
    correlationId: randomUUID(),
  }
  const unlock = (masterKeys: string) =>
    openVault({ db: queryBuilder<Tables>(pool), masterKeys, dataDir: '/nowhere', clock })

  async function put(vault: Awaited<ReturnType<typeof unlock>>['vault'], here: Place): Promise<void> {
    const row = vault.seal(here, 'ghp_canary', clock())
    const doc = JSON.stringify(row.values)
    const db = queryBuilder<Tables>(pool)
    await sql`insert into credential select * from jsonb_populate_record(null::credential, ${doc}::jsonb)`.execute(db)
  }

  test('writes down who uses a credential before it gives it out', async () => {
    const { vault, open } = await unlock(newKey())
    const here = place()
    await put(vault, here)
    const uses = await open(here, use, async (secret) => {
      expect(secret).toBe('ghp_canary')
      return queryBuilder<Tables>(pool)
        .selectFrom('credential_use')
        .selectAll()
        .where('connection_id', '=', here.connectionId)
        .execute()
    })
    expect(uses).toMatchObject([{ purpose: 'validate', version: 1, actor: use.actor }])
  })

  test('gives nothing out when the use cannot be written down', async () => {
    const { vault, open } = await unlock(newKey())
    const here = place()
    await put(vault, here)
    const db = queryBuilder<Tables>(pool)
    await sql`alter table credential_use rename to credential_use_away`.execute(db)
    let released = false
    await expect(
      open(here, use, async () => {
        released = true
      }),
    ).rejects.toThrow()
    await sql`alter table credential_use_away rename to credential_use`.execute(db)
    expect(released).toBe(false)
  })

  test('says which key is missing, and opens nothing without it', async () => {
    const here = place()
    await put((await unlock(newKey())).vault, here)
    const { vault: other, open } = await unlock(newKey())
    expect(other.warnings.join()).toContain('master key')
    await expect(open(here, use, async () => {})).rejects.toMatchObject({ code: 'VaultSealed' })
  })

  test('keeps fingerprints when a master key is changed, and with it sessions and links', async () => {
    const [before, after] = [newKey(), newKey()]
    await sql`delete from installation_key`.execute(queryBuilder<Tables>(pool))
    const { vault: old } = await unlock(before)
    const { vault: both } = await unlock(`${after},${before}`)
    expect(both.fingerprint('ghp_canary')).toBe(old.fingerprint('ghp_canary'))
    expect((await unlock(after)).vault.fingerprint('ghp_canary')).toBe(old.fingerprint('ghp_canary'))
  })

  test('keeps the record of uses from being changed', async () => {
    await expect(sql`delete from credential_use`.execute(queryBuilder<Tables>(pool))).rejects.toThrow('append-only')
  })
})
