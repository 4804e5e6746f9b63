import { spawn } from 'node:child_process'
import { chmod, chown, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DatabaseStartError } from './database-start-error.ts'
import { postgresAccount } from './postgres-account.ts'
import { findPostmaster } from './postmaster.ts'
import { type DatabaseHome, makeDatabaseHome, query } from './testing.ts'

const isRoot = process.getuid?.() === 0
let home: DatabaseHome

beforeEach(async () => {
  home = await makeDatabaseHome()
})
afterEach(() => home[Symbol.asyncDispose]())

async function refusal(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DatabaseStartError)
  return error instanceof DatabaseStartError ? error.message : ''
}

describe('the own database', () => {
  it('is started and stopped by commands alone, many at once', async () => {
    const commands = await Promise.all([home.open('command'), home.open('command'), home.open('command')])
    expect(new Set(commands.map(({ connectionString }) => connectionString)).size).toBe(1)
    await Promise.all(commands.map((command) => command.stop()))
    expect(await findPostmaster(home.cluster())).toBeNull()
  })

  it('comes back by itself on the same address when PostgreSQL is killed', async () => {
    const told: string[] = []
    const database = await home.open('server', { onTrouble: (line) => told.push(line) })
    await query(database, 'create table kept as select 1 as row')
    const killed = await findPostmaster(home.cluster())
    if (killed) process.kill(killed.pid, 'SIGKILL')
    await vi.waitFor(() => expect(told.at(-1)).toMatch(/runs again/), { timeout: 15_000 })
    expect(await query(database, 'select * from kept')).toEqual([{ row: 1 }])
    expect(told[0]).toBe(`The database (process ${killed?.pid}) ended unexpectedly and is started again.`)
  })

  it('starts although the number in an old pid file belongs to another program by now', async () => {
    await (await home.open()).stop()
    // One of the account's own: PostgreSQL itself passes over processes of others.
    const account = await postgresAccount()
    const other = spawn('sleep', ['1000'], { ...(account && { uid: account.uid, gid: account.gid }) })
    const lines = [other.pid, home.cluster(), 1700000000, 5432, '', '127.0.0.1', '', 'ready', '']
    await writeFile(home.cluster('postmaster.pid'), lines.join('\n'))
    const opening = home.open().finally(() => other.kill())
    expect(await query(await opening, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})

describe('a data folder that cannot be opened', () => {
  it('is told when the database is of another PostgreSQL, and is left as it is', async () => {
    await (await home.open()).stop()
    await writeFile(home.cluster('PG_VERSION'), '17\n')
    const before = await stat(home.cluster('global', 'pg_control'))
    expect(await refusal(home.open())).toMatch(/is one of PostgreSQL 17, and this release brings PostgreSQL 18/)
    expect(await readFile(home.cluster('PG_VERSION'), 'utf8')).toBe('17\n')
    expect((await stat(home.cluster('global', 'pg_control'))).mtimeMs).toBe(before.mtimeMs)
  })

  it.each([
    ['its version is gone', () => rm(home.cluster('PG_VERSION')), /is damaged: its file PG_VERSION/],
    ['its version is empty', () => truncate(home.cluster('PG_VERSION')), /is damaged: its file PG_VERSION/],
    ['its control file is gone', () => rm(home.cluster('global', 'pg_control')), /does not start: .*pg_control/],
    [
      'its control file is cut',
      () => truncate(home.cluster('global', 'pg_control'), 100),
      /does not start: .*pg_control/,
    ],
    ['its log is gone', () => rm(home.cluster('pg_wal'), { recursive: true }), /does not start: .*pg_wal/],
    ['its folder is empty', () => emptied(home.cluster()), /is damaged/],
    ['its folder is gone', () => rm(home.cluster(), { recursive: true }), /is missing: it was made in/],
    ['its password is gone', () => rm(join(home.dataDir, 'postgres.password')), /password of the database is missing/],
  ])('is told when %s, and nothing starts empty', async (_, damage, message) => {
    await (await home.open()).stop()
    await damage()
    expect(await refusal(home.open())).toMatch(message)
    expect(await refusal(home.open()), 'told again').toMatch(message)
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
    await mkdir(join(home.base, name), { mode: 0o700 })
    return join(home.base, name, 'data')
  }

  it('keeps its cluster in the system folder, one for each data folder, and says where', async () => {
    const one = await home.open('server', { dataDir: await closed('one') })
    const other = await home.open('server', { dataDir: await closed('other') })
    const [first] = await query(one, 'show data_directory')
    const [second] = await query(other, 'show data_directory')
    expect(first?.data_directory).toMatch(new RegExp(`^${home.systemDir}/clusters/[0-9a-f]{16}/cluster$`))
    expect(first?.data_directory).not.toBe(second?.data_directory)
    expect(one.note).toContain(`The database lies in ${first?.data_directory}`)
  })

  it('finds it again when the folder is opened later', async () => {
    const folder = await closed('one')
    const database = await home.open('server', { dataDir: folder })
    await query(database, 'create table kept as select 1 as row')
    await database.stop()
    await chmod(join(home.base, 'one'), 0o755)
    expect(await query(await home.open('server', { dataDir: folder }), 'select * from kept')).toEqual([{ row: 1 }])
  })

  it('tells what to do when the folder was moved, and a copy gets no hold of the cluster', async () => {
    const folder = await closed('one')
    await (await home.open('server', { dataDir: folder })).stop()
    await rename(join(home.base, 'one'), join(home.base, 'two'))
    expect(await refusal(home.open('server', { dataDir: join(home.base, 'two', 'data') }))).toMatch(
      /was moved or copied: .* run: /,
    )
  })

  it('says which folder to open when it was closed later', async () => {
    await (await home.open('server')).stop()
    await chmod(home.base, 0o700)
    expect(await refusal(home.open('server'))).toMatch(/The user "postgres", whom the database runs as, may not enter/)
  })
})
