import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openPool, queryBuilder } from '@git-connections/events/store'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import type { Tables } from '../../server/database/tables.ts'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import type { Place } from '../../server/vault/place.ts'
import { openVault, type Vault } from '../../server/vault/vault.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const newKey = () => randomBytes(32).toString('base64')
const clock = () => new Date('2026-11-24T10:00:00.000Z')
const use = {
  actor: { kind: 'job' as const, id: 'j', name: 'J' },
  purpose: 'validate' as const,
  correlationId: randomUUID(),
}

let world: Awaited<ReturnType<typeof openWorld>>
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

async function openWorld() {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'master-keys-'))
  const pool = openPool(database.connectionString, { max: 8 })
  const db = queryBuilder<Tables>(pool)
  const children: ChildProcess[] = []
  const env = { PATH: process.env.PATH, DATABASE_URL: database.connectionString, DATA_DIR: dataDir }

  /** Runs a verb of the command line, as an operator does. */
  function admin(verb: string, more: Record<string, string> = {}) {
    const child = spawn(process.execPath, ['server/cli/admin.ts', verb], { cwd: ROOT, env: { ...env, ...more } })
    children.push(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
    const ended = new Promise<number | null>((done) => child.once('close', done))
    return { kill: () => child.kill('SIGKILL'), ended, done: ended.then((code) => ({ code, output })) }
  }

  return {
    ...{ db, dataDir, connectionString: database.connectionString, file: join(dataDir, 'master.key'), admin },
    vault: async (masterKeys?: string) => {
      const { vault, open } = await openVault({ db, masterKeys, dataDir, clock })
      return { ...vault, use: open }
    },
    async close() {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
      await pool.end()
      await database[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true })
    },
  }
}

type Sealing = Pick<Vault, 'seal'>

/** Seals so many credentials, each with a secret of its own. */
async function fill(vault: Sealing, count: number): Promise<{ place: Place; secret: string }[]> {
  const organizations = [randomUUID(), randomUUID(), randomUUID()]
  const credentials = Array.from({ length: count }, (_, n) => ({
    place: {
      organizationId: organizations[n % 3] ?? '',
      ...{ connectionId: randomUUID(), field: 'token' as const, version: 1 + (n % 2) },
    },
    secret: `glpat-canary-${n}`,
  }))
  const rows = credentials.map(({ place, secret }) => vault.seal(place, secret, clock()).values)
  await sql`
    insert into credential select * from jsonb_populate_recordset(null::credential, ${JSON.stringify(rows)}::jsonb)
  `.execute(world.db)
  return credentials
}

const keysInUse = async () =>
  (await world.db.selectFrom('credential').select('key_id').distinct().execute()).map(({ key_id }) => key_id)

const countUnder = async (keyId: string) =>
  (await world.db.selectFrom('credential').select('connection_id').where('key_id', '=', keyId).execute()).length

// Each verb is a process of its own.
describe('rotating the master key', { timeout: 180_000 }, () => {
  test('wraps 1,000 credentials again while each is in use, and makes the old key worthless', async () => {
    const vault = await world.vault()
    const credentials = await fill(vault, 1000)
    const before = await world.db
      .selectFrom('credential')
      .select(['connection_id', 'sealed'])
      .orderBy('connection_id')
      .execute()
    const [old] = await keysInUse()
    const oldKeys = await readFile(world.file, 'utf8')

    let stopped = false
    let reads = 0
    const readers = Array.from({ length: 4 }, async (_, reader) => {
      for (let n = reader; !stopped || n < 1000; n += 4) {
        const { place, secret } = credentials[n % 1000] ?? { place: null, secret: '' }
        if (place) await vault.use(place, use, async (found) => expect(found).toBe(secret))
        reads++
      }
    })
    expect((await world.admin('new-key').done).code).toBe(0)
    const { code, output } = await world.admin('rotate-keys').done
    stopped = true
    await Promise.all(readers)
    expect(reads).toBeGreaterThanOrEqual(1000)

    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('1000 credentials were wrapped again.'),
    })
    expect(output).toContain(`Master key ${old}: nothing is left. It may be removed`)
    const [current, ...others] = await keysInUse()
    expect([current === old, others]).toEqual([false, []])
    const after = await world.db
      .selectFrom('credential')
      .select(['connection_id', 'sealed'])
      .orderBy('connection_id')
      .execute()
    expect(after).toEqual(before)

    const first = (await readFile(world.file, 'utf8')).split('\n')[0] ?? ''
    const fresh = await world.vault(first)
    expect(fresh.warnings).toEqual([])
    expect(fresh.fingerprint('glpat-canary')).toBe(vault.fingerprint('glpat-canary'))
    for (const { place, secret } of credentials.slice(0, 50)) {
      await fresh.use(place, use, async (found) => expect(found).toBe(secret))
    }
    const stale = await world.vault(oldKeys.trim())
    expect(stale.warnings.join()).toContain(current)
    for (const { place } of credentials.slice(0, 50)) {
      await expect(stale.use(place, use, async () => {})).rejects.toMatchObject({ code: 'VaultSealed' })
    }
  })

  test('goes on where a kill ended it, wherever that was', async () => {
    const [before, after] = [newKey(), newKey()]
    const credentials = await fill(await world.vault(before), 700)
    const [old = ''] = await keysInUse()
    const rows = await world.db
      .selectFrom('credential')
      .selectAll()
      .orderBy('organization_id')
      .orderBy('connection_id')
      .execute()
    await sql`create table park (connection_id uuid)`.execute(world.db)
    await sql`
      create function park() returns trigger language plpgsql as $$ begin
        if new.connection_id in (select connection_id from park) then perform pg_advisory_xact_lock(77); end if;
        return new;
      end $$`.execute(world.db)
    await sql`create trigger park before update on credential for each row execute function park()`.execute(world.db)
    const both = { MASTER_KEYS: `${after},${before}` }
    const vault = await world.vault(both.MASTER_KEYS)

    const left = [old].map(() => 700)
    for (const at of [0, 250, 699]) {
      await sql`truncate park`.execute(world.db)
      await sql`insert into park values (${rows[at]?.connection_id})`.execute(world.db)
      await world.db.connection().execute(async (holder) => {
        await sql`select pg_advisory_lock(77)`.execute(holder)
        const run = world.admin('rotate-keys', both)
        await expect
          .poll(
            async () =>
              (
                await sql`select 1 from pg_locks where locktype = 'advisory' and objid = 77 and not granted`.execute(
                  world.db,
                )
              ).rows.length,
            { timeout: 60_000 },
          )
          .toBe(1)
        run.kill()
        expect(await run.ended).toBe(null)
        await sql`select pg_advisory_unlock(77)`.execute(holder)
      })
      left.push(await countUnder(old))
      for (const { place, secret } of credentials.slice(0, 700).filter((_, n) => n % 50 === 0)) {
        await vault.use(place, use, async (found) => expect(found).toBe(secret))
      }
    }
    // In the first batch, in the second, in the last: each run keeps the batches before.
    expect(left).toEqual([700, 700, 500, 100])

    await sql`truncate park`.execute(world.db)
    expect((await world.vault(after)).warnings.join()).toContain(`master key ${old}`)
    const { code, output } = await world.admin('rotate-keys', both).done
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('100 credentials were wrapped again.'),
    })
    expect((await world.vault(after)).warnings).toEqual([])
    for (const { place, secret } of credentials) {
      await vault.use(place, use, async (found) => expect(found).toBe(secret))
    }
  })

  test('opens nothing that was moved, before or after', async () => {
    const [before, after] = [newKey(), newKey()]
    const credentials = await fill(await world.vault(before), 4)
    await world.admin('rotate-keys', { MASTER_KEYS: `${after},${before}` }).done
    const vault = await world.vault(after)
    const here = credentials[0]?.place
    if (!here) throw new Error('no credential')
    const elsewhere: Place[] = [
      { ...here, organizationId: randomUUID() },
      { ...here, connectionId: randomUUID() },
      { ...here, field: 'installation' },
      { ...here, version: here.version + 1 },
    ]
    for (const place of elsewhere) {
      await sql`
        insert into credential
        select ${place.organizationId}, ${place.connectionId}, ${place.field}, ${place.version}, key_id, wrapped_key,
          sealed, created_at
        from credential where connection_id = ${here.connectionId} and version = ${here.version} and field = 'token'
          and organization_id = ${here.organizationId}`.execute(world.db)
      await expect(vault.use(place, use, async () => {})).rejects.toThrow('does not open here')
    }
    const other = credentials[3]?.place
    await sql`
      update credential c set sealed = o.sealed, wrapped_key = o.wrapped_key from credential o
      where c.connection_id = ${other?.connectionId} and o.connection_id = ${here.connectionId} and o.version = ${here.version}
        and o.field = 'token' and o.organization_id = ${here.organizationId}`.execute(world.db)
    if (other) await expect(vault.use(other, use, async () => {})).rejects.toThrow('does not open here')
  })

  test('names what does not open and what lies under a key that is not here, and leaves both', async () => {
    const [lost, before, after] = [newKey(), newKey(), newKey()]
    await fill(await world.vault(before), 3)
    const [old] = await keysInUse()
    await fill(await world.vault(lost), 2)
    const spoilt = await world.db
      .selectFrom('credential')
      .selectAll()
      .where('key_id', '=', old ?? '')
      .executeTakeFirstOrThrow()
    await world.db
      .updateTable('credential')
      .set({ wrapped_key: randomBytes(60) })
      .where('connection_id', '=', spoilt.connection_id)
      .execute()
    const { code, output } = await world.admin('rotate-keys', { MASTER_KEYS: `${after},${before}` }).done
    expect(code).toBe(1)
    expect(output).toContain('2 credentials were wrapped again.')
    expect(output).toContain(`token ${spoilt.version} of connection ${spoilt.connection_id}`)
    expect(output).toMatch(/2 credentials left\. It is not in MASTER_KEYS/)
  })

  test('waits until every server has the key, where a server reads its keys only once', async () => {
    const [before, after] = [newKey(), newKey()]
    const start = (masterKeys: string) =>
      startServer(
        readConfig({
          PORT: '0',
          DATABASE_URL: world.connectionString,
          DATA_DIR: world.dataDir,
          MASTER_KEYS: masterKeys,
        }),
        createLog('silent'),
      )
    const both = { MASTER_KEYS: `${after},${before}` }
    const server = await start(before)
    await fill(server.shell.vault, 2)
    expect(await world.admin('rotate-keys', both).done).toMatchObject({
      code: 1,
      output: expect.stringContaining('Restart it'),
    })
    await server.stop()
    const restarted = await start(both.MASTER_KEYS)
    expect(await world.admin('rotate-keys', both).done).toMatchObject({ code: 0 })
    await restarted.stop()
  })
})

describe('a new key in the key file', { timeout: 180_000 }, () => {
  test('comes first, is for the owner alone, and is used by a server that runs', async () => {
    const vault = await world.vault()
    await fill(vault, 1)
    const [old] = await keysInUse()
    const { code, output } = await world.admin('new-key').done
    expect(code).toBe(0)
    const lines = (await readFile(world.file, 'utf8')).trim().split('\n')
    expect(lines).toHaveLength(2)
    expect((await stat(world.file)).mode & 0o777).toBe(0o600)
    await fill(vault, 1)
    const used = await keysInUse()
    expect(used).toContain(old)
    expect(output).toContain(used.find((id) => id !== old))
  })

  test('is none too few when two are made at once', async () => {
    await world.vault()
    const ended = await Promise.all([world.admin('new-key').done, world.admin('new-key').done])
    expect(ended.map(({ code }) => code)).toEqual([0, 0])
    expect(new Set((await readFile(world.file, 'utf8')).trim().split('\n')).size).toBe(3)
  })

  test('is refused where the keys are in MASTER_KEYS, or their file is open to others', async () => {
    const named = await world.admin('new-key', { MASTER_KEYS: newKey() }).done
    expect(named).toMatchObject({ code: 1, output: expect.stringContaining('MASTER_KEYS is set') })
    await writeFile(world.file, `${newKey()}\n`, { mode: 0o644 })
    const open = await world.admin('new-key').done
    expect(open).toMatchObject({ code: 1, output: expect.stringContaining('chmod 600') })
  })
})
