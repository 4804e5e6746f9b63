import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastingPort } from '../../test/faults/server-process.ts'
import { signUp } from '../../test/faults/server-world.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { type RunningServer, startServer } from '../start.ts'

let server: RunningServer
let caller: Awaited<ReturnType<typeof signUp>>
const closers: (() => PromiseLike<unknown>)[] = []

beforeAll(async () => {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'principal-'))
  closers.push(() => rm(dataDir, { recursive: true }))
  closers.push(() => database[Symbol.asyncDispose]())
  const config = readConfig({
    PORT: String(await lastingPort()),
    DATABASE_URL: database.connectionString,
    DATA_DIR: dataDir,
  })
  server = await startServer(config, createLog('silent'))
  closers.push(() => server.stop())
  caller = await signUp(`http://localhost:${server.port}`)
})
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

const who = (headers: Record<string, string>) => server.shell.people.authenticate(new Headers(headers))
const run = (statement: string) => sql.raw(statement).execute(server.shell.db)

describe('who asks by a key', () => {
  test('is known by it', async () => {
    expect(await who({ 'x-api-key': caller.apiKey })).toMatchObject({ organizationId: caller.organizationId })
  })

  test.each(['unheard of', ''])('is nobody by the key "%s"', async (key) => {
    expect(await who({ 'x-api-key': key })).toBeNull()
  })

  test('is nobody once the key has ended', async () => {
    await run(`update apikey set "enabled" = false`)
    expect(await who({ 'x-api-key': caller.apiKey })).toBeNull()
    await run(`update apikey set "enabled" = true`)
    expect(await who({ 'x-api-key': caller.apiKey })).not.toBeNull()
  })
})

describe('while keys and sessions cannot be looked up', () => {
  test('a good key is not called invalid because its use could not be noted', async () => {
    await run(`alter table apikey add constraint noted check ("lastRequest" < '2000-01-01') not valid`)
    await expect(who({ 'x-api-key': caller.apiKey })).rejects.toThrow('could not be verified')
    await run('alter table apikey drop constraint noted')
  })

  test('no key is called invalid', async () => {
    await run('alter table apikey rename to away')
    await expect(who({ 'x-api-key': caller.apiKey })).rejects.toThrow()
    await run('alter table away rename to apikey')
    expect(await who({ 'x-api-key': caller.apiKey })).not.toBeNull()
  })

  test('nobody is called signed out', async () => {
    await run('alter table session rename to away')
    await expect(who({ cookie: caller.cookie })).rejects.toThrow()
    await run('alter table away rename to session')
    expect(await who({ cookie: caller.cookie })).not.toBeNull()
  })
})
