import { spawn } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DatabaseStartError } from './database-start-error.ts'
import { type OwnDatabase, openOwnDatabase } from './own-database.ts'
import { postgresAccount } from './postgres-account.ts'
import { findPostmaster } from './postmaster.ts'

const isRoot = process.getuid?.() === 0
let base: string
let dataDir: string
let systemDir: string
const opened: OwnDatabase[] = []

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'git-connections-own-'))
  await chmod(base, 0o711)
  dataDir = join(base, 'data')
  systemDir = join(base, 'system')
})

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.stop()))
  await rm(base, { recursive: true, force: true })
})

async function open(role: 'server' | 'command' = 'server', options: { dataDir?: string } = {}): Promise<OwnDatabase> {
  const database = await openOwnDatabase({ dataDir, systemDir, role, ...options })
  opened.push(database)
  return database
}

async function query(database: OwnDatabase, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
  const { rows } = await client.query(text).finally(() => client.end())
  return rows
}

async function refusal(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DatabaseStartError)
  return error instanceof DatabaseStartError ? error.message : ''
}

const cluster = (...names: string[]) => join(dataDir, 'postgres', 'cluster', ...names)

describe('the own database', () => {
  it('is made in the data folder, durable, on the loopback address, with a password that only we can read', async () => {
    const database = await open()
    expect(await query(database, 'show data_directory')).toEqual([{ data_directory: cluster() }])
    expect(await query(database, 'show fsync')).toEqual([{ fsync: 'on' }])
    expect(await query(database, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600)
    expect((await stat(cluster())).mode & 0o077).toBe(0)
    const stranger = new URL(database.connectionString)
    stranger.password = 'guessed'
    await expect(new pg.Client({ connectionString: stranger.href }).connect()).rejects.toThrow(/password/)
    expect(database.note).toBeNull()
  })

  it('holds what was written before it was stopped', async () => {
    const database = await open()
    await query(database, 'create table kept as select 1 as row')
    await database.stop()
    expect(await findPostmaster(cluster())).toBeNull()
    expect(await query(await open(), 'select * from kept')).toEqual([{ row: 1 }])
  })

  it('serves a command beside the server, and lives until the last of them leaves', async () => {
    const server = await open('server')
    const command = await open('command')
    expect(command.connectionString).toBe(server.connectionString)
    await server.stop()
    expect(await query(command, 'select 1 as one')).toEqual([{ one: 1 }])
    const nextServer = await open('server')
    expect(nextServer.connectionString).toBe(command.connectionString)
    await command.stop()
    expect(await query(nextServer, 'select 1 as one')).toEqual([{ one: 1 }])
    await nextServer.stop()
    expect(await findPostmaster(cluster())).toBeNull()
  })

  it('is started and stopped by commands alone, many at once', async () => {
    const commands = await Promise.all([open('command'), open('command'), open('command')])
    expect(new Set(commands.map(({ connectionString }) => connectionString)).size).toBe(1)
    await Promise.all(commands.map((command) => command.stop()))
    expect(await findPostmaster(cluster())).toBeNull()
  })

  it('comes back by itself on the same address when PostgreSQL is killed', async () => {
    const told: string[] = []
    const database = await openOwnDatabase({ dataDir, systemDir, role: 'server', onTrouble: (line) => told.push(line) })
    opened.push(database)
    await query(database, 'create table kept as select 1 as row')
    const killed = await findPostmaster(cluster())
    if (killed) process.kill(killed.pid, 'SIGKILL')
    await vi.waitFor(() => expect(told.at(-1)).toMatch(/runs again/), { timeout: 15_000 })
    expect(await query(database, 'select * from kept')).toEqual([{ row: 1 }])
    expect(told[0]).toBe(`The database (process ${killed?.pid}) ended unexpectedly and is started again.`)
  })

  it('starts although the number in an old pid file belongs to another program by now', async () => {
    await (await open()).stop()
    // One of the account's own: PostgreSQL itself passes over processes of others.
    const account = await postgresAccount()
    const other = spawn('sleep', ['1000'], { ...(account && { uid: account.uid, gid: account.gid }) })
    await writeFile(cluster('postmaster.pid'), `${other.pid}\n${cluster()}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`)
    const opening = open().finally(() => other.kill())
    expect(await query(await opening, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})

describe('a data folder that cannot be opened', () => {
  it('is refused to a second server by the process that holds it', async () => {
    await open('server')
    expect(await refusal(open('server'))).toBe(
      `Another Git Connections (process ${process.pid}) uses the data folder ${dataDir}. Stop it, or set DATA_DIR to another folder.`,
    )
  })

  it('is told when the database is of another PostgreSQL, and is left as it is', async () => {
    await (await open()).stop()
    await writeFile(cluster('PG_VERSION'), '17\n')
    const before = await stat(cluster('global', 'pg_control'))
    expect(await refusal(open())).toMatch(/is one of PostgreSQL 17, and this release brings PostgreSQL 18/)
    expect(await readFile(cluster('PG_VERSION'), 'utf8')).toBe('17\n')
    expect((await stat(cluster('global', 'pg_control'))).mtimeMs).toBe(before.mtimeMs)
  })

  it.each([
    ['its version is gone', () => rm(cluster('PG_VERSION')), /is damaged: its file PG_VERSION/],
    ['its version is empty', () => truncate(cluster('PG_VERSION')), /is damaged: its file PG_VERSION/],
    ['its control file is gone', () => rm(cluster('global', 'pg_control')), /does not start: .*pg_control/],
    ['its control file is cut', () => truncate(cluster('global', 'pg_control'), 100), /does not start: .*pg_control/],
    ['its log is gone', () => rm(cluster('pg_wal'), { recursive: true }), /does not start: .*pg_wal/],
    ['its folder is empty', () => emptied(cluster()), /is damaged/],
    ['its folder is gone', () => rm(cluster(), { recursive: true }), /is missing: it was made in/],
    ['its password is gone', () => rm(join(dataDir, 'postgres.password')), /password of the database is missing/],
  ])('is told when %s, and nothing starts empty', async (_, damage, message) => {
    await (await open()).stop()
    await damage()
    expect(await refusal(open())).toMatch(message)
    expect(await refusal(open()), 'told again').toMatch(message)
  })

  it('is told when a file has its name', async () => {
    await writeFile(dataDir, '')
    expect(await refusal(open())).toMatch(/cannot be used \(EEXIST at .*set DATA_DIR/)
  })
})

async function emptied(folder: string): Promise<void> {
  const { mode, uid, gid } = await stat(folder)
  await rm(folder, { recursive: true })
  await mkdir(folder, { mode })
  await chown(folder, uid, gid)
}

describe.runIf(isRoot)('started by root under a folder that only root may enter', () => {
  const closed = async (name: string) => {
    await mkdir(join(base, name), { mode: 0o700 })
    return join(base, name, 'data')
  }

  it('keeps its cluster in the system folder, one for each data folder, and says where', async () => {
    const one = await open('server', { dataDir: await closed('one') })
    const other = await open('server', { dataDir: await closed('other') })
    const [first] = await query(one, 'show data_directory')
    const [second] = await query(other, 'show data_directory')
    expect(first?.data_directory).toMatch(new RegExp(`^${systemDir}/clusters/[0-9a-f]{16}/cluster$`))
    expect(first?.data_directory).not.toBe(second?.data_directory)
    expect(one.note).toContain(`The database lies in ${first?.data_directory}`)
  })

  it('finds it again when the folder is opened later', async () => {
    const folder = await closed('one')
    const database = await open('server', { dataDir: folder })
    await query(database, 'create table kept as select 1 as row')
    await database.stop()
    await chmod(join(base, 'one'), 0o755)
    expect(await query(await open('server', { dataDir: folder }), 'select * from kept')).toEqual([{ row: 1 }])
  })

  it('tells what to do when the folder was moved, and a copy gets no hold of the cluster', async () => {
    const folder = await closed('one')
    await (await open('server', { dataDir: folder })).stop()
    await rename(join(base, 'one'), join(base, 'two'))
    expect(await refusal(open('server', { dataDir: join(base, 'two', 'data') }))).toMatch(
      /was moved or copied: .* run: /,
    )
  })

  it('says which folder to open when it was closed later', async () => {
    await (await open('server')).stop()
    await chmod(base, 0o700)
    expect(await refusal(open('server'))).toMatch(/The user "postgres", whom the database runs as, may not enter/)
  })
})
