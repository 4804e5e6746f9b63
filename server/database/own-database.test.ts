import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseStartError } from './database-start-error.ts'
import { findPostmaster } from './postmaster.ts'
import { type DatabaseHome, makeDatabaseHome, query } from './testing.ts'

let home: DatabaseHome
beforeAll(async () => {
  home = await makeDatabaseHome()
})
afterEach(() => home.stop())
afterAll(() => home[Symbol.asyncDispose]())

// One for all of it: to make one takes long.
describe('the own database', () => {
  it('is made in the data folder, durable, on the loopback address, with a password that only we can read', async () => {
    const database = await home.open()
    expect(await query(database, 'show data_directory')).toEqual([{ data_directory: home.cluster() }])
    expect(await query(database, 'show fsync')).toEqual([{ fsync: 'on' }])
    expect(await query(database, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    expect((await stat(join(home.dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600)
    expect((await stat(home.cluster())).mode & 0o077).toBe(0)
    const stranger = new URL(database.connectionString)
    stranger.password = 'guessed'
    await expect(new pg.Client({ connectionString: stranger.href }).connect()).rejects.toThrow(/password/)
    expect(database.note).toBeNull()
  })

  it('is started again as it was stopped, without being made again', async () => {
    const database = await home.open()
    await query(database, 'create table kept as select 1 as row')
    await database.stop()
    expect(await findPostmaster(home.cluster())).toBeNull()
    const made = await stat(home.cluster('PG_VERSION'))
    expect(await query(await home.open(), 'select * from kept')).toEqual([{ row: 1 }])
    const found = await stat(home.cluster('PG_VERSION'))
    expect([found.ino, found.mtimeMs]).toEqual([made.ino, made.mtimeMs])
  })

  it('serves a command beside the server, and lives until the last of them leaves', async () => {
    const server = await home.open('server')
    const command = await home.open('command')
    expect(command.connectionString).toBe(server.connectionString)
    await server.stop()
    expect(await query(command, 'select 1 as one')).toEqual([{ one: 1 }])
    const nextServer = await home.open('server')
    expect(nextServer.connectionString).toBe(command.connectionString)
    await command.stop()
    expect(await query(nextServer, 'select 1 as one')).toEqual([{ one: 1 }])
    await nextServer.stop()
    expect(await findPostmaster(home.cluster())).toBeNull()
  })

  it('is refused to a second server by the process that holds it', async () => {
    await home.open('server')
    await expect(home.open('server')).rejects.toThrow(
      new DatabaseStartError(
        `Another Git Connections (process ${process.pid}) uses the data folder ${home.dataDir}. Stop it, or set DATA_DIR to another folder.`,
      ),
    )
  })

  it('is told to have no place when a file has the name of its folder', async () => {
    const dataDir = join(home.base, 'file')
    await writeFile(dataDir, '')
    await expect(home.open('server', { dataDir })).rejects.toThrow(/cannot be used \(EEXIST at .*set DATA_DIR/)
  })
})
